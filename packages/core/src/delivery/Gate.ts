import type { Clock } from '../contract/Clock.js';
import type { FeedEvent } from '../contract/FeedEvent.js';
import type { LastApplied } from '../contract/FeedStore.js';
import { incidentKey, isIncident, keyText } from '../contract/ObjectKey.js';
import type { ObjectKey } from '../contract/ObjectKey.js';
import { compareStamps, stampOf } from '../lanes/freshness.js';
import { judgeFreshness } from '../lanes/judgeFreshness.js';
import { RecentChanges } from '../lanes/RecentChanges.js';
import type { Parking } from '../parking/Parking.js';
import { taskIdOf } from '../parking/rowsBelow.js';
import type { Ending } from './Ending.js';
import { GONE } from './Ending.js';
import type { Entry } from './Entry.js';
import type { EventSource } from './EventSource.js';
import { movedIn } from './movedIn.js';

/** The last look before a delivery: nothing parked is overtaken, nothing old is applied. */
export class Gate {
  private readonly recent = new RecentChanges();

  constructor(
    private readonly parking: Parking,
    private readonly source: EventSource,
    private readonly ending: Ending,
    private readonly clock: Clock,
    /** Incidents of other workspaces go to other feeds. */
    private readonly routed: boolean,
  ) {}

  /** A parked row is never overtaken: neither by a newer event of its object, nor by its incident's line. */
  mustStayBehind({ key }: FeedEvent): boolean {
    return this.parking.index.has(key) || this.parking.index.hasDeferred(key.incidentId);
  }

  /**
   * What is to be delivered, brought up to date where stamps cannot tell; the rest ends here. What cannot be judged, as
   * the source does not answer, is told to `unjudged` and holds up nothing but what follows it in its lane.
   */
  async admit(
    entries: readonly Entry[],
    unjudged: (entry: Entry, error: unknown) => Promise<void>,
  ): Promise<readonly Entry[]> {
    const admitted: Entry[] = [];
    const closed = new Set<number>();
    for (const entry of entries) {
      const { incidentId } = entry.event.key;
      // Judged by what will have been applied by then: in the lane's next run.
      if (admitted.some((before) => decides(before.event, entry.event))) closed.add(incidentId);
      if (closed.has(incidentId)) continue;
      try {
        if (await this.admits(entry)) admitted.push(entry);
      } catch (error) {
        closed.add(incidentId);
        await unjudged(entry, error);
      }
    }
    return admitted;
  }

  private async admits(entry: Entry): Promise<boolean> {
    if (entry.parkedRevision === undefined && this.mustStayBehind(entry.event)) {
      await this.ending.parked(entry, { state: 'deferred' });
      return false;
    }
    // Its row ended while it stood in the lane, with its incident or task: nothing of it may be made again.
    if (entry.parkedRevision !== undefined && !(await this.parking.holds(entry.event.key))) {
      this.ending.endedWithRow(entry);
      return false;
    }
    const last = await this.parking.last(entry.event.key);
    if (this.routed && movedIn(entry, last)) entry.movedIn = true;
    if (entry.event.origin !== 'reload') this.recent.note(entry.event.key, this.clock.now());
    switch (this.judge(entry, last)) {
      case 'apply':
        if (!(await this.wentWithParent(entry.event))) return true;
        await this.ending.superseded(entry);
        return false;
      case 'superseded':
        await this.ending.superseded(entry);
        return false;
      case 'reread': {
        const now = await this.source.reread(entry.event);
        if (now === undefined) {
          await this.ending.skipped(entry, GONE);
          return false;
        }
        entry.event = now;
        return true;
      }
    }
  }

  /** A reload's snapshot with the stamp that stands may still be older than what the queue brought in that same ms. */
  private judge({ event, requestedAtMs }: Entry, last: LastApplied | undefined): ReturnType<typeof judgeFreshness> {
    const verdict = judgeFreshness(event, last, requestedAtMs);
    const isDoubtful = verdict === 'apply' && event.origin === 'reload' && isRepeated(event, last);
    return isDoubtful && this.recent.mayBeNewer(event.key, event.observedAtMs) ? 'reread' : verdict;
  }

  /**
   * The platform sends no delete for what goes with its incident or task (IBM's Data Feeder guide), nor, where a thread
   * goes with its first note (unconfirmed), for the replies; what still speaks of it is late: a message that comes twice or out of order, the search index, a row that stood parked.
   */
  private async wentWithParent(event: FeedEvent): Promise<boolean> {
    if (event.operation === 'delete') return false;
    for (const parent of ancestorsOf(event)) if ((await this.parking.last(parent))?.deleted === true) return true;
    return false;
  }
}

/** Whether what becomes of `event` depends on this one before it. */
function decides(before: FeedEvent, event: FeedEvent): boolean {
  if (before.key.incidentId !== event.key.incidentId) return false;
  const isBefore = (key: ObjectKey): boolean => keyText(key) === keyText(before.key);
  return isBefore(event.key) || (before.operation === 'delete' && ancestorsOf(event).some(isBefore));
}

/** What takes the object with it when it is deleted. */
function ancestorsOf(event: FeedEvent): readonly ObjectKey[] {
  const { key } = event;
  if (isIncident(key)) return [];
  const taskId = taskIdOf(event);
  return [
    incidentKey(key),
    ...(taskId === undefined ? [] : [{ ...key, type: 'task', objectId: taskId }]),
    ...(event.parent?.type === 'note' ? [event.parent] : []),
  ];
}

/** The very snapshot that was applied last: its acknowledgement was lost, and by now its parent may be gone. */
function isRepeated(event: FeedEvent, last: LastApplied | undefined): boolean {
  return last?.stamp !== undefined && compareStamps(stampOf(event), last.stamp) === 0;
}
