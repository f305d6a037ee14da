import type { CheckpointStore } from '../../contract/FeedStore.js';
import type { ObjectKey } from '../../contract/ObjectKey.js';
import { durably } from '../../parking/durably.js';
import type { DurablyContext } from '../../parking/durably.js';
import type { SourceFault } from './ReloadReport.js';

/** An object that feeds have and the source no longer has. */
export interface GoneObject {
  readonly key: ObjectKey;
  /** Of a note or attachment. */
  readonly taskId?: number;
  readonly feeds: readonly string[];
}

/** The progress of a run: everything it needs to go on after a stop or a crash. */
export interface RunState {
  /** Everything of incidents up to and including this id has settled: delivered, skipped or parked. */
  readonly incidentId: number;
  /** When the run began, whatever interrupted it since; ms, host clock. */
  readonly startedAtMs: number;
  /** The same by the source's clock. */
  readonly sourceStartedAtMs?: number;
  readonly changedSinceMs?: number;
  readonly faults: readonly SourceFault[];
  readonly gone: readonly GoneObject[];
}

interface Detail {
  readonly sourceStartedAtMs?: number;
  readonly changedSinceMs?: number;
  readonly faults: readonly SourceFault[];
  readonly gone: readonly GoneObject[];
}

/** The durable record of a run under way. Its name says what is loaded; it is removed once the run has ended. */
export class RunRecord {
  private written: string | undefined;

  constructor(
    private readonly name: string,
    private readonly checkpoints: CheckpointStore,
    private readonly context: DurablyContext,
  ) {}

  async read(): Promise<RunState | undefined> {
    const left = await this.durably(() => this.checkpoints.read(this.name));
    if (left === undefined) return undefined;
    const { incidentId, startedAtMs, detail } = left;
    return { incidentId, startedAtMs, ...(detail as unknown as Detail) };
  }

  async write({ incidentId, startedAtMs, sourceStartedAtMs, changedSinceMs, faults, gone }: RunState): Promise<void> {
    const detail: Detail = {
      ...(sourceStartedAtMs === undefined ? {} : { sourceStartedAtMs }),
      ...(changedSinceMs === undefined ? {} : { changedSinceMs }),
      faults,
      gone,
    };
    const text = JSON.stringify([incidentId, detail]);
    if (text === this.written) return;
    await this.durably(() => this.checkpoints.write(this.name, { incidentId, startedAtMs, detail: { ...detail } }));
    this.written = text;
  }

  async clear(): Promise<void> {
    await this.durably(() => this.checkpoints.clear(this.name));
    this.written = undefined;
  }

  private durably<T>(operation: () => Promise<T>): Promise<T> {
    return durably(this.context, 'checkpoint', operation);
  }
}
