import type { TargetCapabilities } from '../contract/FeedTarget.js';
import type { LaneRun, Lanes } from '../lanes/Lanes.js';

/** Takes what travels together from the lanes: one event, or for a target that takes batches, the head runs of several lanes. */
export class RunTaker<Entry> {
  private gathering: { readonly runs: LaneRun<Entry>[]; count: number; due: boolean } | undefined;

  /** `wait` resolves after so many ms; `onDue` is called when an incomplete batch has waited long enough. */
  constructor(
    private readonly lanes: Lanes<Entry>,
    private readonly batch: TargetCapabilities['batch'],
    private readonly wait: (ms: number) => Promise<void>,
    private readonly onDue: () => void,
  ) {}

  take(): readonly LaneRun<Entry>[] | undefined {
    if (this.batch !== undefined) return this.gather(this.batch.maxEvents, this.batch.maxWaitMs);
    const run = this.lanes.take(1);
    return run === undefined ? undefined : [run];
  }

  /** A batch is complete at `maxEvents`, or `maxWaitMs` after its first event. */
  private gather(maxEvents: number, maxWaitMs: number): readonly LaneRun<Entry>[] | undefined {
    const gathering = (this.gathering ??= { runs: [], count: 0, due: false });
    while (gathering.count < maxEvents) {
      const run = this.lanes.take(maxEvents - gathering.count);
      if (run === undefined) break;
      gathering.runs.push(run);
      gathering.count += run.entries.length;
      if (gathering.runs.length === 1) {
        void this.wait(maxWaitMs).then(() => {
          gathering.due = true;
          this.onDue();
        });
      }
    }
    if (gathering.count === 0 || (gathering.count < maxEvents && !gathering.due)) return undefined;
    this.gathering = undefined;
    return gathering.runs;
  }
}
