import { Line } from '@soar-feed/soar-client';

/**
 * The slots of one destination: this many deliveries may use it at once. A delivery that waits for something else, such as
 * the target's own database, lends its slot to another.
 */
export class Slots {
  private taken = 0;
  private readonly line = new Line<() => void>();
  /** Deliveries that wait for something else, without their slots. */
  lent = 0;

  constructor(
    private readonly most: () => number,
    /** Called when a slot is lent: another delivery may begin. */
    private readonly onLent: () => void = () => undefined,
  ) {}

  /** `yields`: others go first. */
  async enter(yields = false): Promise<Slot> {
    await this.take(yields);
    return new Slot(this, yields);
  }

  /** Resolves in the order of the calls, except for those that yield. */
  take(yields: boolean): Promise<void> {
    return new Promise((resolve) => {
      this.line.add(resolve, yields);
      this.goOn();
    });
  }

  /** Gives a slot back while `work` goes on. */
  async lend<T>(work: Promise<T>): Promise<T> {
    this.give();
    this.lent += 1;
    this.onLent();
    try {
      return await work;
    } finally {
      this.lent -= 1;
    }
  }

  give(): void {
    this.taken -= 1;
    this.goOn();
  }

  /** There may be more of them now than before, or fewer. */
  private goOn(): void {
    while (this.taken < this.most()) {
      const next = this.line.next();
      if (next === undefined) return;
      this.taken += 1;
      next();
    }
  }
}

/** held → aside → held; held or aside → closed, for good. */
export class Slot {
  private state: 'held' | 'aside' | 'closed' = 'held';

  constructor(
    private readonly slots: Pick<Slots, 'take' | 'give' | 'lend'>,
    private readonly yields: boolean,
  ) {}

  /** Waits for `work` without the slot. If the slot is lent already, or the delivery was given up, it just waits. */
  readonly aside = async <T>(work: Promise<T>): Promise<T> => {
    if (this.state !== 'held') return work;
    this.state = 'aside';
    try {
      return await this.slots.lend(work);
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
    await this.slots.take(this.yields);
    // The delivery was given up while it waited in line: nobody else gives the slot back.
    if (this.closed) this.slots.give();
    else this.state = 'held';
  }

  private get closed(): boolean {
    return this.state === 'closed';
  }
}
