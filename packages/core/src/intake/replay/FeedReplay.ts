import { StoppingError } from '../../contract/errors.js';
import type { ParkedEvent } from '../../contract/FeedStore.js';
import type { ObjectKey } from '../../contract/ObjectKey.js';
import { keyText } from '../../contract/ObjectKey.js';
import { classify } from '../../delivery/classify.js';
import type { Feed } from '../../delivery/Feed.js';
import { Pauses } from './Pauses.js';
import type { ReplayServices } from './ReplayIntake.js';

/** With so many incidents that cannot be read, it is the source that is in trouble. */
const MOST_PAUSING = 1_000;

/**
 * The parked rows of one feed. What the source does not give now is left alone for a while, uncharged, and holds up
 * nothing but its own incident; a source that cannot be reached at all is waited for.
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
    this.incidents = new Pauses(services.clock);
    this.parents = new Pauses(services.clock);
    this.wishes = new Pauses(services.clock);
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
    const { incidentId } = row.key;
    // A row before it could not be read.
    if (incidents.has(incidentId)) return true;
    await feed.room(incidentId);
    if (await this.succeeds(() => feed.replay(row), row.key, incidents, incidentId)) incidents.end(incidentId);
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
        if (!(await this.succeeds(() => this.fetchParent(parent), parent, parents, id))) continue;
        missed.delete(id);
        // What waited may wait on, as it cannot be read itself: no reason to fetch the parent all the time.
        parents.begin(id);
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
    for (const { key, revision } of await feed.parking.resyncs()) {
      if (this.stopping.aborted || !feed.up || feed.lagging) return;
      const { incidentId } = key;
      if (wishes.has(incidentId)) continue;
      if (!(await this.succeeds(() => this.services.resync(feed, incidentId), key, wishes, incidentId))) continue;
      wishes.end(incidentId);
      await feed.parking.remove(key, revision);
    }
  }

  /** `false`: not now, and `name` pauses. */
  private async succeeds<Name>(
    job: () => Promise<void>,
    { type, objectId, incidentId }: ObjectKey,
    pauses: Pauses<Name>,
    name: Name,
  ): Promise<boolean> {
    try {
      await job();
      return true;
    } catch (error) {
      const verdict = classify(error);
      if (error instanceof StoppingError || this.stopping.aborted || verdict.move === 'pause') throw error;
      const times = pauses.begin(name, 'retryAfterMs' in verdict ? verdict.retryAfterMs : undefined);
      const message = error instanceof Error ? error.message : String(error);
      const of = { feed: this.feed.name, type, objectId, incidentId, code: verdict.code, times };
      // The same again is no news.
      const say = times === 1 ? 'warn' : 'debug';
      this.services.log[say](`What stands parked could not be brought back now, tried again later: ${message}`, of);
      return false;
    }
  }
}
