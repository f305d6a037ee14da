import type { Clock } from '../contract/Clock.js';
import type { FeedEvent } from '../contract/FeedEvent.js';
import type { LastApplied } from '../contract/FeedStore.js';
import type { Logger } from '../contract/Logger.js';
import { isEmail } from '../contract/TypeSchema.js';
import { keyText } from '../contract/ObjectKey.js';
import type { ObjectKey } from '../contract/ObjectKey.js';
import { ancestorsOf } from '../hierarchy/parentOf.js';
import { repliesBelow } from '../hierarchy/Replies.js';
import { compareStamps, isDate, stampOf } from '../lanes/freshness.js';
import type { Freshness } from '../lanes/judgeFreshness.js';
import { judgeFreshness } from '../lanes/judgeFreshness.js';
import { RecentChanges } from '../lanes/RecentChanges.js';
import { SetBacks } from '../lanes/SetBacks.js';
import { SourceTime } from '../source/SourceTime.js';
import type { Parking } from '../parking/Parking.js';
import type { Ending } from './Ending.js';
import { GONE } from './Ending.js';
import type { Entry } from './Entry.js';
import type { EventSource } from '../source/EventSource.js';
import { movedIn } from './movedIn.js';

/** The last check before a delivery: nothing parked is overtaken, and nothing old is applied. */
export class Gate {
  private readonly recent = new RecentChanges();
  /** Replies of notes that were deleted: no message says which of them went with their thread. */
  private readonly cut = new RecentChanges();
  private readonly setBacks: SetBacks;
  private readonly sourceTime: SourceTime;

  constructor(
    private readonly parking: Parking,
    private readonly source: EventSource,
    private readonly ending: Ending,
    private readonly clock: Clock,
    log: Logger,
    /** Incidents of other workspaces go to other feeds. */
    private readonly routed: boolean,
  ) {
    this.setBacks = new SetBacks(log);
    this.sourceTime = new SourceTime(clock, source.serverClock);
  }

  /** A parked row is never overtaken: neither by a newer event of its object, nor by its incident's line. */
  mustStayBehind({ key }: FeedEvent): boolean {
    return this.parking.index.has(key) || this.parking.index.hasDeferred(key.incidentId);
  }

  /**
   * Gives the entries to deliver, read again where stamps cannot decide; the others end here. An entry that cannot be judged,
   * because the source does not answer, goes to `unjudged` and holds up only what follows it in its lane.
   */
  async admit(
    entries: readonly Entry[],
    unjudged: (entry: Entry, error: unknown) => Promise<void>,
  ): Promise<readonly Entry[]> {
    const admitted: Entry[] = [];
    const closed = new Set<number>();
    for (const entry of entries) {
      const { incidentId } = entry.event.key;
      // It must be judged after that one was applied: in the lane's next run.
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

  /**
   * Those of the events that a reload brings next which would pass as they are if it were their turn now. None of them ends
   * here: each is judged again in its own turn.
   */
  async wouldPass(events: readonly FeedEvent[]): Promise<readonly FeedEvent[]> {
    const passes = await Promise.all(events.map((event) => this.wouldPassNow(event)));
    return events.filter((_, at) => passes[at]);
  }

  private async wouldPassNow(event: FeedEvent): Promise<boolean> {
    if (this.mustStayBehind(event)) return false;
    const last = await this.parking.last(event.key);
    const verdict = this.judge({ event, requestedAtMs: event.observedAtMs }, last);
    return verdict === 'apply' && (await this.deletedAbove(event)) === undefined;
  }

  private async admits(entry: Entry): Promise<boolean> {
    if (entry.parkedRevision === undefined && this.mustStayBehind(entry.event)) {
      await this.ending.parked(entry, { state: 'deferred' });
      return false;
    }
    // Its row ended with its incident or task while it was in the lane: it must not be created again.
    if (entry.parkedRevision !== undefined && !(await this.parking.holds(entry.event.key))) {
      this.ending.endedWithRow(entry);
      return false;
    }
    const last = await this.parking.last(entry.event.key);
    if (this.routed && movedIn(entry, last)) entry.admitMovedIn();
    if (entry.event.origin !== 'reload') this.recent.note(entry.event.key, this.sourceTime.latest());
    this.noteCut(entry.event);
    const verdict = this.judge(entry, last);
    const above = await this.deletedAbove(entry.event);
    return verdict === 'apply' && above === undefined ? true : this.admitsRead(entry, last, verdict, above);
  }

  /** Only the source's database can decide, and what it says wins. */
  private async admitsRead(
    entry: Entry,
    last: LastApplied | undefined,
    verdict: Freshness,
    above: ObjectKey | undefined,
  ): Promise<boolean> {
    const contradicts = verdict === 'contradicts' || above !== undefined;
    // It never changes and only the search index shows it, which may still show what was deleted.
    if (isEmail(entry.event.schema)) {
      if (contradicts) await this.ending.superseded(entry);
      return !contradicts;
    }
    const now = await this.source.reread(entry.event);
    // It went with the note or artifact above it, and no message says so: what hangs below it must find that it is deleted, too.
    if (now === undefined && (above?.type === entry.event.key.type || this.cut.has(entry.event.key))) {
      entry.refresh({ ...entry.event, operation: 'delete' });
      return true;
    }
    if (now === undefined) {
      await (contradicts ? this.ending.superseded(entry) : this.ending.skipped(entry, GONE));
      return false;
    }
    const mayBeSent = entry.redelivered || entry.event.replaces === true;
    const order = last?.stamp === undefined ? undefined : compareStamps(stampOf(now), last.stamp);
    const wasDeleted = last?.deleted === true;
    // A late message: the source's current state was applied already, unless somebody may have sent the older one since.
    if (verdict === 'contradicts' && order === 0 && !wasDeleted && above === undefined && !mayBeSent) {
      await this.ending.superseded(entry);
      return false;
    }
    const isOlder = contradicts && order === -1;
    const restored = isOlder || wasDeleted || above !== undefined;
    const setsBack = isOlder || wasDeleted;
    const replaces = mayBeSent ? ({ replaces: true } as const) : {};
    entry.refresh({ ...now, ...replaces, ...(restored ? ({ restored: true } as const) : {}) }, setsBack);
    if (setsBack) this.noteSetBack(entry, isOlder);
    return true;
  }

  private noteCut({ operation, key, payload, observedAtMs }: FeedEvent): void {
    if (operation !== 'delete') return;
    for (const reply of repliesBelow(key, payload)) this.cut.note(reply, observedAtMs);
  }

  private noteSetBack({ event: { key, payload } }: Entry, isOlder: boolean): void {
    // A frame that a deleted note left for its replies is no sign of a backup.
    if (!isOlder && payload.is_deleted === true) return;
    const object = `${key.type} ${key.objectId}`;
    const what = isOlder ? `an older version of ${object} than before` : `${object}, which was deleted,`;
    this.setBacks.note(key, this.clock.steadyMs(), what);
  }

  private judge(
    { event, requestedAtMs }: Pick<Entry, 'event' | 'requestedAtMs'>,
    last: LastApplied | undefined,
  ): Freshness {
    const { doubtMs } = this.sourceTime;
    const verdict = judgeFreshness(event, last, { requestedAtMs, doubtMs });
    if (verdict !== 'apply' || event.operation === 'delete') return verdict;
    // Newer than the restored database showed: a change since then, or a message from before the restore.
    if (!isRepeated(event, last) && this.setBacks.doubts(event.key, this.clock.steadyMs())) return 'contradicts';
    // Of a thread whose note was deleted since, or at that time: only the database says whether it went, too.
    if (this.cut.mayBeNewer(event.key, event.observedAtMs - doubtMs)) return 'reread';
    // A reload's snapshot may be older than what the queue brought since: in the same millisecond, if the stamps are equal, or
    // before the source's clock was set back, if its date is later.
    const isDoubtful = event.origin === 'reload' && (isRepeated(event, last) || isDate(stampOf(event)));
    return isDoubtful && this.recent.mayBeNewer(event.key, event.observedAtMs - doubtMs) ? 'reread' : verdict;
  }

  /**
   * The highest object above it that was deleted, so that it probably went, too (`hierarchy.ts`): the event is a message that
   * came twice or out of order, comes from the search index, or was parked.
   */
  private async deletedAbove(event: FeedEvent): Promise<ObjectKey | undefined> {
    if (event.operation === 'delete') return undefined;
    for (const parent of ancestorsOf(event)) if ((await this.parking.last(parent))?.deleted === true) return parent;
    return undefined;
  }
}

/** Whether the verdict about `event` depends on this one before it. */
function decides(before: FeedEvent, event: FeedEvent): boolean {
  if (before.key.incidentId !== event.key.incidentId) return false;
  const isBefore = (key: ObjectKey): boolean => keyText(key) === keyText(before.key);
  return isBefore(event.key) || (before.operation === 'delete' && ancestorsOf(event).some(isBefore));
}

/** The same snapshot that was applied last: its acknowledgement was lost, and by now its parent may be gone. */
function isRepeated(event: FeedEvent, last: LastApplied | undefined): boolean {
  return last?.stamp !== undefined && compareStamps(stampOf(event), last.stamp) === 0;
}
