import { StoppingError } from '../../contract/errors.js';
import type { FeedEvent } from '../../contract/FeedEvent.js';
import type { ParkedEvent } from '../../contract/FeedStore.js';
import { keyText } from '../../contract/ObjectKey.js';
import type { ObjectKey } from '../../contract/ObjectKey.js';
import { mayLeave, takesAll } from '../../hierarchy/hierarchy.js';
import { Orphans } from '../../source/Orphans.js';
import type { SourceReader } from '../../source/SourceReader.js';
import type { Parking } from '../Parking.js';
import type { FeedDoor } from './FeedDoor.js';
import { Turns } from './Turns.js';
import type { TurnServices } from './Turns.js';
import type { WayBack } from './WayBack.js';
import { messageOf } from '../../trouble/messageOf.js';

export type ParentSource = Pick<SourceReader, 'reread' | 'rebuild' | 'discover'>;

/** What waits for a parent: it follows a parent that comes, and a parent that nobody brings is fetched. */
export class WaitingRows {
  private readonly orphans: Orphans;
  private readonly parents: Turns<string>;
  /** How many objects of an incident wake what waits for them just now. */
  private readonly waking = new Map<number, number>();
  /** When a missing parent was first missed, per key; ms, steady. */
  private readonly missed = new Map<string, number>();

  constructor(
    private readonly feed: FeedDoor,
    private readonly parking: Parking,
    private readonly way: WayBack,
    private readonly source: ParentSource,
    private readonly services: TurnServices,
    /** How long a missing parent may still come by itself before it is fetched, ms. */
    private readonly graceMs: number,
  ) {
    this.orphans = new Orphans(source);
    this.parents = new Turns(services);
  }

  /**
   * An object was delivered, skipped or deleted, and the rows below follow it: a delete ends what goes with it; anything else
   * that waited for it is brought back in the background.
   */
  async follow({ operation, key }: FeedEvent): Promise<void> {
    if (operation === 'delete' && takesAll(key.type)) await this.parking.removeBelow(key);
    if (operation === 'delete' && mayLeave(key.type)) await this.parking.rearmBelow(key);
    if (operation === 'upsert' || mayLeave(key.type)) void this.wake(key);
  }

  /** Rows of the incident that waited are on their way into its lane; those behind them must not come first. */
  isWaking(incidentId: number): boolean {
    return this.waking.has(incidentId);
  }

  /** Fetches the parents that nobody brings. */
  async fetchMissing(): Promise<void> {
    const { feed, parking, missed, parents } = this;
    const { clock, stopping } = this.services;
    const awaited = parking.index.awaitedParents();
    // Parents that no row waits for any more: the rows were dropped by hand, or ended in another way.
    const names = new Set(awaited.map(keyText));
    for (const name of missed.keys()) if (!names.has(name)) missed.delete(name);
    for (const parent of awaited) {
      if (stopping.aborted || !feed.up) return;
      const name = keyText(parent);
      // A parent that is parked or under way wakes its children itself.
      if (parking.index.has(parent) || feed.holds(parent.incidentId)) {
        missed.delete(name);
        continue;
      }
      const sinceMs = missed.get(name);
      if (sinceMs === undefined) missed.set(name, clock.steadyMs());
      else if (clock.steadyMs() - sinceMs >= this.graceMs && !parents.has(name)) await this.fetchInTurn(parent, name);
    }
    parents.over();
  }

  private async fetchInTurn(parent: ObjectKey, name: string): Promise<void> {
    const worked = await this.parents.take({
      ...{ key: parent, name, asksSource: true },
      work: () => this.fetch(parent),
      failed: `${parent.type} ${parent.objectId}, which it waits for, could not be fetched`,
      fail: (why) => this.each(parent, (row) => this.feed.endRow(row, why)),
    });
    if (!worked) return;
    this.missed.delete(name);
    // A child may still wait, because it cannot be read itself: no reason to fetch the parent all the time.
    this.parents.rest(name);
  }

  private async fetch(parent: ObjectKey): Promise<void> {
    const { feed, services } = this;
    const [child] = await this.parking.waitingOn(parent);
    if (child === undefined) return;
    const event = await this.source.discover(parent, child.workspace, child.taskId);
    if (event !== undefined) {
      await feed.accept(event, { requestedAtMs: event.observedAtMs });
      return;
    }
    services.log.info('What waited for an object that is gone at the source is skipped.', {
      feed: feed.name,
      parent: keyText(parent),
    });
    await this.each(parent, (row) => this.way.bring(row, () => this.without(parent, row)));
  }

  /** The child goes on without its parent, or was deleted with it. */
  private async without(parent: ObjectKey, row: ParkedEvent): Promise<FeedEvent | undefined> {
    const event = await this.source.rebuild(row);
    return event === undefined ? undefined : this.orphans.without(parent, event);
  }

  private async wake(parent: ObjectKey): Promise<void> {
    const { waking } = this;
    const { incidentId } = parent;
    waking.set(incidentId, (waking.get(incidentId) ?? 0) + 1);
    try {
      await this.each(parent, (row) => this.way.bring(row));
    } catch (error) {
      if (error instanceof StoppingError) return;
      this.services.log.warn(`What waited for ${keyText(parent)} could not be brought back now: ${messageOf(error)}`);
    } finally {
      const left = (waking.get(incidentId) ?? 1) - 1;
      if (left > 0) waking.set(incidentId, left);
      else waking.delete(incidentId);
    }
  }

  /** All rows that wait, a chunk at a time and as there is room, so that any number of them fits into memory. */
  private async each(parent: ObjectKey, change: (row: ParkedEvent) => Promise<unknown>): Promise<void> {
    for (let after: number | undefined; ;) {
      const rows = await this.parking.waitingOn(parent, after);
      for (const row of rows) {
        await this.feed.room(parent.incidentId);
        await change(row);
      }
      after = rows.at(-1)?.place;
      if (after === undefined) return;
    }
  }
}
