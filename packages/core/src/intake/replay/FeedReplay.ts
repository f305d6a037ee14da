import { StoppingError } from '../../contract/errors.js';
import type { ParkedEvent } from '../../contract/FeedStore.js';
import { isResyncKey } from '../../contract/FeedStore.js';
import type { ObjectKey } from '../../contract/ObjectKey.js';
import { keyText } from '../../contract/ObjectKey.js';
import type { Feed } from '../../delivery/Feed.js';
import { Pauses } from '../../source/patience/Pauses.js';
import { ROW, troubleOf } from '../../source/patience/policy.js';
import { PROGRAMMING_ERROR } from '../../trouble/classify.js';
import { messageOf } from '../../trouble/messageOf.js';
import type { ReplayServices } from './ReplayIntake.js';

/** With so many incidents that cannot be read, it is the source that is in trouble. */
const MOST_PAUSING = 1_000;

/** One thing to bring back: what it is about, whose turn pauses when it fails, and what a bug of ours does to it. */
interface Job<Name> {
  readonly key: ObjectKey;
  readonly pauses: Pauses<Name>;
  readonly name: Name;
  readonly fail: (reason: string) => Promise<void>;
}

/**
 * The parked rows of one feed. What the source does not give now is left alone for a while, uncharged, and holds up
 * nothing but its own incident; a source that cannot be reached at all is waited for. A bug fails the row it concerns.
 */
export class FeedReplay {
  /** When a missing parent was first missed, per key. */
  private readonly missed = new Map<string, number>();
  private readonly incidents: Pauses<number>;
  private readonly parents: Pauses<string>;
  private readonly wishes: Pauses<number>;

  constructor(
    private readonly feed: Feed,
    private readonly services: ReplayServices,
    private readonly stopping: AbortSignal,
  ) {
    this.incidents = new Pauses(ROW, services);
    this.parents = new Pauses(ROW, services);
    this.wishes = new Pauses(ROW, services);
  }

  /**
   * One look at what stands parked; `false`: nothing may be brought back now. Rejects when the source cannot be reached, or
   * the host stops.
   */
  async turn(): Promise<boolean> {
    if (this.stopping.aborted || !this.feed.takesReplays) return false;
    if (this.feed.parking.index.size === 0) return true;
    await this.drainDeferred();
    await this.fetchMissingParents();
    await this.resyncIncidents();
    return true;
  }

  /** In line, a chunk at a time, as there is room: what rests in its lane already keeps nothing behind it back. */
  private async drainDeferred(): Promise<void> {
    for (let after: number | undefined; ;) {
      const pausing = this.incidents.names();
      if (pausing.length >= MOST_PAUSING) return;
      const rows = await this.feed.parking.deferred(pausing, after);
      for (const row of rows) if (!(await this.drain(row))) return;
      after = rows.at(-1)?.place;
      if (after === undefined) return;
    }
  }

  /** `false`: nothing more can be brought back now. */
  private async drain(row: ParkedEvent): Promise<boolean> {
    const { feed, incidents } = this;
    if (this.stopping.aborted || !feed.up) return false;
    const { key } = row;
    const { incidentId } = key;
    // A row before it could not be read.
    if (incidents.has(incidentId)) return true;
    await feed.room(incidentId);
    const job = {
      ...{ key, pauses: incidents, name: incidentId },
      fail: (reason: string) => feed.giveUp(row, failed(`The row could not be brought back: ${reason}`)),
    };
    // A wish that was given up, and that a person puts back in line, becomes a wish again.
    const bringBack = () => (isResyncKey(key) ? feed.parking.wishResync(key) : feed.replay(row));
    if (await this.succeeds(job, bringBack)) incidents.end(incidentId);
    return true;
  }

  private async fetchMissingParents(): Promise<void> {
    const { feed, missed, parents } = this;
    const { clock, parentGraceMs = 2_000 } = this.services;
    const awaited = feed.parking.index.awaitedParents();
    // What nobody waits for any more was dropped by hand, or ended otherwise.
    const ids = new Set(awaited.map(keyText));
    for (const id of missed.keys()) if (!ids.has(id)) missed.delete(id);
    for (const parent of awaited) {
      if (this.stopping.aborted || !feed.up) return;
      const id = keyText(parent);
      // A parked parent brings its children itself; one on its way will.
      if (feed.parking.index.has(parent) || feed.holds(parent.incidentId)) {
        missed.delete(id);
        continue;
      }
      const since = missed.get(id);
      if (since === undefined) missed.set(id, clock.now());
      else if (clock.now() - since >= parentGraceMs && !parents.has(id)) {
        const fail = (reason: string) => {
          const what = `${parent.type} ${parent.objectId}, which it waits for, could not be fetched: ${reason}`;
          return feed.giveUpWaitingOn(parent, failed(what));
        };
        if (!(await this.succeeds({ key: parent, pauses: parents, name: id, fail }, () => this.fetchParent(parent))))
          continue;
        missed.delete(id);
        // What waited may wait on, because it cannot be read itself: no reason to fetch the parent all the time.
        parents.rest(id);
      }
    }
  }

  private async fetchParent(parent: ObjectKey): Promise<void> {
    const { feed } = this;
    const [child] = await feed.parking.waitingOn(parent);
    if (child === undefined) return;
    const event = await this.services.source.discover(parent, child.workspace, child.taskId);
    if (event === undefined) {
      this.services.log.info('What waited for an object that is gone at the source is skipped.', {
        feed: feed.name,
        parent: keyText(parent),
      });
      await feed.skipWaitingOn(parent);
      return;
    }
    await feed.accept(event, { requestedAtMs: event.observedAtMs });
  }

  /** A feed that lags would only park what is loaded, and no parked incident brings its objects with it. */
  private async resyncIncidents(): Promise<void> {
    const { feed, wishes } = this;
    if (feed.parking.index.count('resync') === 0) return;
    for (const row of await feed.parking.resyncs()) {
      if (this.stopping.aborted || !feed.up || feed.lagging) return;
      const { key, revision } = row;
      const { incidentId } = key;
      if (wishes.has(incidentId)) continue;
      const fail = (reason: string) => feed.giveUp(row, failed(`The incident could not be loaded whole: ${reason}`));
      const job = { key, pauses: wishes, name: incidentId, fail };
      if (!(await this.succeeds(job, () => this.services.resync(feed, incidentId)))) continue;
      wishes.end(incidentId);
      await feed.parking.remove(key, revision);
    }
  }

  /** `false`: not now, and its name pauses; or never, as of a bug, and it failed. */
  private async succeeds<Name>({ key, pauses, name, fail }: Job<Name>, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      const trouble = troubleOf(error);
      if (error instanceof StoppingError || this.stopping.aborted || trouble === 'away') throw error;
      const { type, objectId, incidentId } = key;
      const facts = { feed: this.feed.name, type, objectId, incidentId };
      if (trouble === 'fault') {
        this.services.log.error(`A bug, met while a parked row was brought back: ${messageOf(error)}`, {
          ...facts,
          error,
        });
        await fail(messageOf(error));
      } else pauses.begin(name, error, facts);
      return false;
    }
  }
}

function failed(message: string) {
  return { state: 'failed', code: PROGRAMMING_ERROR, message, attempts: 1 } as const;
}
