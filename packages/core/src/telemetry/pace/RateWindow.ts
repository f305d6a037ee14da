/** Events per second over the last minute, 5 and 15 minutes. A window that is not full yet counts from the start. */
export interface Rates {
  readonly last1m: number;
  readonly last5m: number;
  readonly last15m: number;
}

const SLOT_MS = 5_000;
const SLOTS = 180;

/** Counts events in slots of 5 s, for the last 15 minutes. Times are ms, host clock. */
export class RateWindow {
  private readonly counts = new Float64Array(SLOTS);
  private slot: number;

  constructor(private startedAtMs: number) {
    this.slot = slotAt(startedAtMs);
  }

  add(nowMs: number, by = 1): void {
    this.moveTo(nowMs);
    this.counts[this.slot % SLOTS] = (this.counts[this.slot % SLOTS] ?? 0) + by;
  }

  rates(nowMs: number): Rates {
    this.moveTo(nowMs);
    return { last1m: this.over(nowMs, 60_000), last5m: this.over(nowMs, 300_000), last15m: this.over(nowMs, 900_000) };
  }

  private over(nowMs: number, windowMs: number): number {
    const slots = windowMs / SLOT_MS;
    let sum = 0;
    for (let back = 0; back < slots; back += 1) sum += this.counts[(this.slot - back + SLOTS) % SLOTS] ?? 0;
    // The newest slot is not over yet.
    const fullMs = windowMs - SLOT_MS + (nowMs - this.slot * SLOT_MS);
    return sum / (Math.max(1_000, Math.min(fullMs, nowMs - this.startedAtMs)) / 1000);
  }

  private moveTo(nowMs: number): void {
    const next = slotAt(nowMs);
    // The clock was set back, or nothing happened for longer than the window.
    if (next < this.slot || next - this.slot >= SLOTS) this.counts.fill(0);
    else for (let slot = this.slot + 1; slot <= next; slot += 1) this.counts[slot % SLOTS] = 0;
    if (next < this.slot) this.startedAtMs = nowMs;
    this.slot = next;
  }
}

function slotAt(ms: number): number {
  return Math.floor(ms / SLOT_MS);
}
