import type { FeedStore, ParkedEvent } from '../../contract/FeedStore.js';
import { resyncKey } from '../../contract/FeedStore.js';
import type { FeedEvent } from '../../contract/FeedEvent.js';
import { incidentKey, isIncident, keyText } from '../../contract/ObjectKey.js';
import type { ObjectKey } from '../../contract/ObjectKey.js';
import type { Comparison, TargetInsight } from '../../contract/TargetInsight.js';
import type { InspectedSource } from './InspectedSource.js';
import type { Drift } from './VerifyReport.js';

/** A difference that was seen once. */
export interface Suspect {
  readonly feed: string;
  readonly insight: TargetInsight;
  readonly found: Comparison;
  /** The event that was compared; absent if the object is extra. */
  readonly event?: FeedEvent;
  /** How often it was looked at. */
  readonly looks: number;
}

/** What a second look says: drift; nothing (it was on its way); or to be looked at once more, because it changes. */
export type SecondLookResult = Drift | 'equal' | { readonly again: Suspect };

const MAX_LOOKS = 4;

/**
 * A difference may be a change on its way. So each one is looked at again, by itself, after a while: only what is still
 * the same difference is drift. One read of the source and at most one of the destination.
 */
export class SecondLook {
  constructor(
    private readonly source: InspectedSource,
    private readonly store: FeedStore,
    private readonly signal: AbortSignal,
  ) {}

  async at(suspect: Suspect): Promise<SecondLookResult> {
    const { feed, found } = suspect;
    const before = await this.parked(feed, found.key);
    if (before !== undefined) return before;
    const still = found.verdict === 'extra' ? await this.stillExtra(suspect) : await this.compared(suspect);
    if (still === 'equal') return still;
    // It may have been parked meanwhile.
    const row = await this.parked(feed, found.key);
    if (row !== undefined) return row;
    const moves = suspect.looks < MAX_LOOKS && signOf(still.comparison) !== signOf(found);
    if (moves) return { again: { ...suspect, ...still, found: still.comparison, looks: suspect.looks + 1 } };
    const { key, verdict, ref, reason, fields } = still.comparison;
    return {
      ...{ feed, key, cause: verdict as Drift['cause'] },
      ...(ref === undefined ? {} : { ref }),
      ...(reason === undefined ? {} : { reason }),
      ...(fields === undefined ? {} : { fields }),
    };
  }

  private async compared({ event, insight }: Suspect): Promise<'equal' | { comparison: Comparison; event: FeedEvent }> {
    const now = event === undefined ? undefined : await this.readAgain(event);
    // It was deleted meanwhile; its delete is on its way.
    if (now === undefined) return 'equal';
    const [comparison] = await insight.compare(
      { incident: incidentKey(now.key), events: [now], whole: false },
      this.signal,
    );
    if (comparison === undefined || comparison.verdict === 'equal' || comparison.verdict === 'left-out') return 'equal';
    return { comparison, event: now };
  }

  private async readAgain(event: FeedEvent): Promise<FeedEvent | undefined> {
    return isIncident(event.key) ? this.source.incident(event.key.objectId) : this.source.reader.reread(event);
  }

  /** The source still does not have it, and the target still counts it as there: no delete is on its way. */
  private async stillExtra({ found, insight }: Suspect): Promise<'equal' | { comparison: Comparison }> {
    const { key, taskId } = found;
    const parent = taskId === undefined ? undefined : { ...key, type: 'task', objectId: taskId };
    if ((await this.source.reader.fetch(key, parent)) !== undefined) return 'equal';
    const { type, objectId, incidentId } = key;
    for await (const record of insight.records({ type, objectId, incidentId }))
      if (keyText(record.key) === keyText(key) && record.ref === found.ref && record.state === 'active')
        return { comparison: found };
    return 'equal';
  }

  private async parked(feed: string, key: ObjectKey): Promise<Drift | undefined> {
    const { parked } = this.store;
    const row = (await parked.find(feed, key)) ?? (await parked.find(feed, resyncKey(key.orgId, key.incidentId)));
    return row && parkedDrift(feed, key, row);
  }
}

function parkedDrift(feed: string, key: ObjectKey, { why }: ParkedEvent): Drift {
  const code = why.state === 'failed' ? { code: why.code } : {};
  const reason = 'message' in why ? { reason: why.message } : {};
  return { feed, key, cause: 'parked', parked: { state: why.state, ...code }, ...reason };
}

/** Two looks with the same sign saw the same difference. */
function signOf({ verdict, fields = [] }: Comparison): string {
  return JSON.stringify([verdict, fields.map(({ name, expected }) => [name, expected])]);
}
