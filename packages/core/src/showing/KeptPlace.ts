import type { Clock } from '../contract/Clock.js';
import type { CheckpointStore } from '../contract/FeedStore.js';

const CHECKPOINT = 'shown in source';
/** How often it is written, ms. */
const EVERY_MS = 10_000;

/** The time from which on a settlement may not be shown yet, kept for the next process; ms, host clock. */
export class KeptPlace {
  private place: number | undefined;
  private writtenAtMs = -Infinity;
  private isStale = false;

  constructor(
    private readonly checkpoints: Pick<CheckpointStore, 'read' | 'write'>,
    private readonly clock: Clock,
  ) {}

  /** At the first start ever: now. Throws `StoreError`. */
  async read(): Promise<number> {
    this.place ??= (await this.checkpoints.read(CHECKPOINT))?.startedAtMs;
    if (this.place === undefined) await this.write(this.clock.now());
    return this.place ?? 0;
  }

  /** Something happened that has to be shown. */
  stir(): void {
    this.isStale = true;
  }

  /** `owedSinceMs`: of the oldest that is not shown; absent: all is shown. Throws `StoreError`. */
  async keep(owedSinceMs: number | undefined): Promise<void> {
    const now = this.clock.steadyMs();
    // While nothing happens, the old place is as good.
    if (!this.isStale || now - this.writtenAtMs < EVERY_MS) return;
    await this.write(owedSinceMs ?? this.clock.now());
    this.isStale = owedSinceMs !== undefined;
  }

  private async write(place: number): Promise<void> {
    await this.checkpoints.write(CHECKPOINT, { incidentId: 0, startedAtMs: place });
    this.place = place;
    this.writtenAtMs = this.clock.steadyMs();
  }
}
