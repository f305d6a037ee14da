/** The requests of one org that are being served, and those in line. */
interface Counter {
  served: number;
  readonly line: (() => void)[];
}

/**
 * A server that serves only so many requests of an org at once: further ones wait in line, as they do for the threads or the
 * database connections of a real one. Each org stands for a server of its own.
 */
export class Places {
  private readonly counters = new Map<number, Counter>();

  /** `undefined`: everybody is served at once. Asked for each request. */
  constructor(private readonly most: () => number | undefined) {}

  /** Resolves with the function that gives the place back. */
  async enter(org: number): Promise<() => void> {
    const most = this.most();
    if (most === undefined) return () => undefined;
    const counter = this.counters.get(org) ?? { served: 0, line: [] };
    this.counters.set(org, counter);
    if (counter.served >= most) await new Promise<void>((resolve) => counter.line.push(resolve));
    else counter.served += 1;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      const next = counter.line.shift();
      if (next === undefined) counter.served -= 1;
      else next();
    };
  }
}
