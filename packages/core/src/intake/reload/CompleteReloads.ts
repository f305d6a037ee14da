import type { CheckpointStore } from '../../contract/FeedStore.js';
import { durably } from '../../parking/durably.js';
import type { DurablyContext } from '../../parking/durably.js';

/** When a feed last had everything that the source had. */
export interface CompleteReload {
  /** When that reload began, of whatever kind; ms, host clock. */
  readonly startedAtMs: number;
  /** The same by the source's clock, as measured then; absent in older records. */
  readonly sourceStartedAtMs?: number;
  /** When the last full reload began, which read everything and not only changes; ms, host clock. */
  readonly fullStartedAtMs: number;
}

/** Records each feed's last complete reload durably. A reload of other types than configured now does not count. */
export class CompleteReloads {
  constructor(
    private readonly checkpoints: CheckpointStore,
    private readonly context: DurablyContext,
    private readonly types: readonly string[],
  ) {}

  async of(feed: string): Promise<CompleteReload | undefined> {
    const found = await durably(this.context, 'checkpoint', () => this.checkpoints.read(nameOf(feed)));
    if (found?.detail?.['types'] !== this.types.join()) return undefined;
    const { startedAtMs, detail } = found;
    const source = detail['sourceStartedAtMs'];
    return {
      startedAtMs,
      ...(typeof source === 'number' ? { sourceStartedAtMs: source } : {}),
      fullStartedAtMs: Number(detail['fullStartedAtMs']),
    };
  }

  async record(
    feed: string,
    incidentId: number,
    { startedAtMs, sourceStartedAtMs, fullStartedAtMs }: CompleteReload,
    finishedAtMs: number,
  ): Promise<void> {
    const detail = {
      fullStartedAtMs,
      ...(sourceStartedAtMs === undefined ? {} : { sourceStartedAtMs }),
      types: this.types.join(),
    };
    const write = () => this.checkpoints.write(nameOf(feed), { incidentId, startedAtMs, finishedAtMs, detail });
    await durably(this.context, 'checkpoint', write);
  }
}

function nameOf(feed: string): string {
  return `reload complete: ${feed}`;
}

/** When the last complete reload of a feed began, of whatever types; ms, host clock. Throws `StoreError`. */
export async function lastCompleteReload(
  checkpoints: Pick<CheckpointStore, 'read'>,
  feed: string,
): Promise<number | undefined> {
  return (await checkpoints.read(nameOf(feed)))?.startedAtMs;
}
