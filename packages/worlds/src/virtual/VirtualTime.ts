import type { Life } from './lives.js';
import { runIn } from './lives.js';

/** A timer as Node's own, which may also be passed as a number. */
export class VirtualTimer {
  atMs = 0;
  order = 0;
  isOver = false;

  constructor(
    readonly life: Life | undefined,
    private readonly time: VirtualTime,
    private readonly ms: number,
    private readonly then: () => void,
    private readonly again: boolean,
  ) {}

  start(): this {
    this.isOver = false;
    this.time.enqueue(this, this.ms);
    return this;
  }

  fire(): void {
    const { life, time } = this;
    if (life?.dead === true) return;
    if (life?.wakesAtMs !== undefined && life.wakesAtMs > time.nowMs)
      return time.enqueue(this, life.wakesAtMs - time.nowMs);
    if (this.again) this.start();
    else this.isOver = true;
    runIn(life, this.then);
  }

  refresh(): this {
    this.time.cancel(this);
    return this.start();
  }

  close(): this {
    this.time.cancel(this);
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return false;
  }
}

/** The time of one world, in ms. It stands still until somebody lets the next timer fire. */
export class VirtualTime {
  private readonly timers: VirtualTimer[] = [];
  private orders = 0;

  constructor(private ms: number) {}

  get nowMs(): number {
    return this.ms;
  }

  after(ms: number, life: Life | undefined, then: () => void, again = false): VirtualTimer {
    const wait = Number.isFinite(ms) ? Math.max(again ? 1 : 0, Math.round(ms)) : 1;
    return new VirtualTimer(life, this, wait, then, again).start();
  }

  /** When the next timer is due; `undefined`: there is none. */
  get nextMs(): number | undefined {
    return this.timers[0]?.atMs;
  }

  /** Time jumps to the next timer, which fires. */
  fireNext(): void {
    const timer = this.timers.shift();
    if (timer === undefined) return;
    this.ms = Math.max(this.ms, timer.atMs);
    timer.fire();
  }

  enqueue(timer: VirtualTimer, ms: number): void {
    timer.atMs = this.ms + ms;
    timer.order = this.orders += 1;
    let low = 0;
    let high = this.timers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.timers[middle] as VirtualTimer).atMs <= timer.atMs) low = middle + 1;
      else high = middle;
    }
    this.timers.splice(low, 0, timer);
  }

  cancel(timer: VirtualTimer): void {
    timer.isOver = true;
    const at = this.timers.indexOf(timer);
    if (at >= 0) this.timers.splice(at, 1);
  }
}
