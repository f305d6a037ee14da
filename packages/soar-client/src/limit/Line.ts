/** Of so many that go, one is the first of those that let others go first, so that they do not wait for ever. */
const TURN = 8;

/**
 * Whose turn it is, of two lines: those who yield go after all others, except that now and then one of them is preferred. Each
 * line keeps its order.
 */
export class Turns {
  private count = 0;

  /** `true`: those who yield are asked first this time. Count only turns that somebody took. */
  get isTheirs(): boolean {
    return this.count % TURN === TURN - 1;
  }

  took(): void {
    this.count += 1;
  }
}

/** Who waits for something that is scarce, in the order in which they get it. */
export class Line<T> {
  private readonly first: T[] = [];
  private readonly yielding: T[] = [];
  private readonly turns = new Turns();

  get length(): number {
    return this.first.length + this.yielding.length;
  }

  /** `yields`: it lets others go first. */
  add(waiting: T, yields: boolean): void {
    (yields ? this.yielding : this.first).push(waiting);
  }

  remove(waiting: T): void {
    for (const line of [this.first, this.yielding]) {
      const at = line.indexOf(waiting);
      if (at >= 0) line.splice(at, 1);
    }
  }

  /** Takes out the next one that may go; `undefined`: nobody may. */
  next(mayGo: (waiting: T) => boolean = () => true): T | undefined {
    const lines = [this.first, this.yielding];
    if (this.turns.isTheirs) lines.reverse();
    for (const line of lines) {
      const at = line.findIndex(mayGo);
      if (at < 0) continue;
      this.turns.took();
      return line.splice(at, 1)[0];
    }
    return undefined;
  }
}
