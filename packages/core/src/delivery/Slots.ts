/**
 * The slots of one destination: this many deliveries may use it at once. A delivery that waits for something else, such as
 * the target's own database, lends its slot to another.
 */
export class Slots {
  private taken = 0;
  private readonly queue: (() => void)[] = [];

  constructor(private readonly most: number) {}

  async enter(): Promise<Slot> {
    await this.take();
    return new Slot(this);
  }

  /** Resolves in the order of the calls. */
  take(): Promise<void> {
    if (this.taken < this.most) {
      this.taken += 1;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.queue.push(resolve));
  }

  give(): void {
    const next = this.queue.shift();
    if (next === undefined) this.taken -= 1;
    else next();
  }
}

/** held → aside → held; held or aside → closed, for good. */
export class Slot {
  private state: 'held' | 'aside' | 'closed' = 'held';

  constructor(private readonly slots: Pick<Slots, 'take' | 'give'>) {}

  /** Waits for `work` without the slot. If the slot is lent already, or the delivery was given up, it just waits. */
  readonly aside = async <T>(work: Promise<T>): Promise<T> => {
    if (this.state !== 'held') return work;
    this.state = 'aside';
    this.slots.give();
    try {
      return await work;
    } finally {
      await this.comeBack();
    }
  };

  close(): void {
    if (this.state === 'held') this.slots.give();
    this.state = 'closed';
  }

  private async comeBack(): Promise<void> {
    if (this.closed) return;
    await this.slots.take();
    // The delivery was given up while it waited in line: nobody else gives the slot back.
    if (this.closed) this.slots.give();
    else this.state = 'held';
  }

  private get closed(): boolean {
    return this.state === 'closed';
  }
}
