import { SoarApiError } from '@soar-feed/soar-client';
import type { SoarClient } from '@soar-feed/soar-client';
import type { Clock } from '../contract/Clock.js';
import { FeedError } from '../contract/errors.js';
import type { SoarObject } from '../contract/FeedEvent.js';
import type { FeedStore } from '../contract/FeedStore.js';
import type { Logger } from '../contract/Logger.js';
import type { ObjectKey } from '../contract/ObjectKey.js';
import type { EventWatch, PassingEvent } from '../telemetry/EventWatch.js';
import { messageOf } from '../trouble/messageOf.js';
import { KeptPlace } from './KeptPlace.js';
import { KnownShown, shownOf } from './KnownShown.js';
import type { ShownValues } from './KnownShown.js';
import { missingFields } from './missingFields.js';
import { Owed } from './Owed.js';
import type { OwedLook } from './Owed.js';
import type { OwnWrites } from './OwnWrites.js';
import { SYNC_TOLERANCE_MS, wantedOf } from './ShownFeed.js';
import type { Shown, ShownFeed } from './ShownFeed.js';
import { writeShown } from './writeShown.js';
import type { PatchForm, ShownChange } from './writeShown.js';

const ROUND_MS = 500;
/** Incidents looked at together: the source's own users come first. */
const AT_ONCE = 4;
/** After a failure that has to do with the source, a target or the store as a whole, ms. */
const REST_MS = 30_000;
/** Fields that were missing are looked for again after this, ms. */
const LOOK_AGAIN_MS = 10 * 60_000;
/** A settlement may be heard of this much after it was made, ms. */
const OVERLAP_MS = 60_000;

const CHANGES: ReadonlySet<PassingEvent['outcome']> = new Set(['created', 'updated', 'deleted']);

export interface ShownInSourceServices {
  readonly client: Pick<SoarClient, 'org' | 'clock' | 'incidents' | 'types'>;
  /** At least one. */
  readonly feeds: readonly ShownFeed[];
  readonly store: Pick<FeedStore, 'settlements' | 'checkpoints' | 'assertOurs'>;
  readonly own: OwnWrites;
  readonly watch: EventWatch;
  readonly clock: Clock;
  readonly log: Logger;
  readonly stopping: AbortSignal;
}

interface Difference {
  readonly changes: ReadonlyMap<string, ShownChange>;
  /** It has to be looked at again after so many ms. */
  readonly againMs: number | undefined;
}

/**
 * Shows people in the source what became of an incident at each feed (`show_in_source`). It listens to what the feeds
 * end, and writes what an incident should show once it has come to rest: all feeds and all of a burst's changes in one
 * PATCH, and none if it shows that already. Deliveries and acknowledgements never wait for it. What a dead process owed
 * is found in the settlements since the kept place.
 */
export class ShownInSource {
  private readonly owed = new Owed();
  private readonly known: KnownShown;
  private readonly place: KeptPlace;
  private readonly form: PatchForm = { prefixed: false, isProven: false };
  /** Feeds whose fields the source lacks. */
  private missing: ReadonlySet<string> = new Set();
  private lookAtFieldsMs = -Infinity;
  private restUntilMs = -Infinity;
  private readonly said = new Set<string>();
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly services: ShownInSourceServices) {
    const { feeds, store, clock } = services;
    this.known = new KnownShown(feeds);
    this.place = new KeptPlace(store.checkpoints, clock);
  }

  /** Begins to listen, and looks at what was owed when the last process ended. */
  start(): void {
    const { watch, feeds } = this.services;
    const names = new Set(feeds.map(({ name }) => name));
    const stop = watch.listen(({ feed, incidentId, outcome }) => {
      if (feed === undefined || !names.has(feed) || outcome === 'retried') return;
      this.hear(incidentId, CHANGES.has(outcome) ? feed : undefined);
    });
    this.running = this.run().finally(stop);
  }

  /** Resolves once nothing is written any more; `stopping` was aborted before. */
  async stopped(): Promise<void> {
    await this.running;
  }

  /** What an incident that was read shows: it need not be asked for again. */
  learn({ id, properties }: SoarObject): void {
    if (typeof id !== 'number' || typeof properties !== 'object' || properties === null) return;
    this.known.learn(id, properties as SoarObject);
  }

  /** Somebody changed parked rows of the incident by hand. */
  look(incidentId: number): void {
    this.hear(incidentId, undefined);
  }

  private hear(incidentId: number, feed: string | undefined): void {
    if (this.isBlind) return;
    this.place.stir();
    this.owed.add(incidentId, this.services.clock.now(), feed);
  }

  /** No feed has its fields: what happens is taken up from the kept place once one has. */
  private get isBlind(): boolean {
    return this.missing.size === this.services.feeds.length;
  }

  private async run(): Promise<void> {
    const { clock, stopping } = this.services;
    let isTakenUp = false;
    while (!stopping.aborted) {
      await clock.sleep(ROUND_MS, stopping).catch(() => undefined);
      if (stopping.aborted || clock.steadyMs() < this.restUntilMs) continue;
      try {
        const place = await this.place.read();
        await this.findFields();
        if (!this.isBlind) {
          if (!isTakenUp) await this.takeUp(place);
          await this.round();
          await this.place.keep(this.owed.oldestMs());
        }
        isTakenUp = !this.isBlind;
      } catch (error) {
        this.rest(error);
      }
    }
  }

  private async takeUp(sinceMs: number): Promise<void> {
    const { store, feeds, clock } = this.services;
    for (const { name } of feeds) {
      const touched = await store.settlements.touchedSince(name, sinceMs - OVERLAP_MS);
      for (const { incidentId, deliveredAtMs } of touched) {
        if (deliveredAtMs === undefined) this.owed.add(incidentId, clock.now());
        else this.owed.addDelivered(incidentId, clock.now(), name, deliveredAtMs);
      }
    }
  }

  /** Looks for the fields at the start, and again while one is missing. */
  private async findFields(): Promise<void> {
    const { client, feeds, clock, stopping } = this.services;
    if (clock.steadyMs() < this.lookAtFieldsMs) return;
    const missing = missingFields(await client.types.all({ signal: stopping }), feeds);
    this.lookAtFieldsMs = missing.size === 0 ? Infinity : clock.steadyMs() + LOOK_AGAIN_MS;
    this.missing = new Set(missing.keys());
    for (const [feed, names] of missing)
      this.sayOnce(
        `[${feed}] show_in_source: the source's incidents have no field ${names.join(', ')}, so nothing is shown there. Run soar-feed customize; they are looked for again every 10 minutes.`,
        { event: 'shown.fields-missing', feed },
        `missing ${feed}`,
      );
  }

  private async round(): Promise<void> {
    const { clock, feeds, stopping } = this.services;
    const isBusy = (id: number): boolean => feeds.some((feed) => feed.holds(id));
    while (!stopping.aborted && clock.steadyMs() >= this.restUntilMs) {
      const looks = this.owed.take(clock.now(), AT_ONCE, isBusy);
      if (looks.length === 0) return;
      await Promise.all(looks.map((look) => this.show(look)));
    }
  }

  private async show(look: OwedLook): Promise<void> {
    const { incidentId } = look;
    try {
      const againMs = await this.showNow(look);
      if (againMs !== undefined) this.owed.putBack(look, this.services.clock.now() + againMs);
    } catch (error) {
      this.known.forget(incidentId);
      if (SoarApiError.is(error) && error.status === 404) return;
      if (isRefusal(error)) return this.refused(incidentId, error);
      this.owed.putBack(look, 0);
      this.rest(error);
    }
  }

  /** Gives after how many ms it has to be looked at again. Nothing is asked where it is known to show all. */
  private async showNow(look: OwedLook): Promise<number | undefined> {
    const { client, own, store, stopping: signal } = this.services;
    const { incidentId } = look;
    const known = this.known.of(incidentId);
    const foreseen = known === undefined ? undefined : await this.differenceOf(look, known);
    if (foreseen?.changes.size === 0) return foreseen.againMs;
    const incident = await client.incidents.get(incidentId, { signal });
    const properties = (incident.properties ?? {}) as SoarObject;
    const { changes, againMs } = await this.differenceOf(look, this.known.learn(incidentId, properties));
    if (changes.size === 0) return againMs;
    const values = new Map([...changes].map(([name, { value }]) => [name, value]));
    // While its machine stood still, another host may have taken its place, which shows what it knows.
    await store.assertOurs?.();
    own.expect(incident, values);
    await writeShown(client, incidentId, changes, this.form, signal);
    this.known.learn(incidentId, { ...properties, ...Object.fromEntries(values) });
    return againMs;
  }

  private async differenceOf(look: OwedLook, now: ShownValues): Promise<Difference> {
    const { client, clock, feeds } = this.services;
    const { incidentId, sinceMs } = look;
    const key: ObjectKey = { orgId: client.org.id, incidentId, type: 'incident', objectId: incidentId };
    const changes = new Map<string, ShownChange>();
    let againMs: number | undefined;
    for (const feed of feeds) {
      if (this.missing.has(feed.name)) continue;
      const shown = shownOf(feed.names, now);
      const wanted = await wantedOf(feed, key, { isShown: shown.state !== null, sinceMs, nowMs: clock.now() });
      if (typeof wanted === 'number') againMs = Math.min(againMs ?? Infinity, wanted);
      if (wanted === undefined || typeof wanted === 'number') continue;
      const put = (name: string, kind: ShownChange['kind'], before: unknown, value: string | number | null): void => {
        if (before !== value) changes.set(name, { kind, before, value });
      };
      const { names } = feed;
      put(names.link, 'text', shown.link, wanted.link);
      put(names.state, 'text', shown.state, wanted.state);
      put(names.synced, 'date', shown.synced, this.syncedOf(look, feed, shown));
    }
    return { changes, againMs };
  }

  /** When the last change arrived; ms, source clock. */
  private syncedOf(look: OwedLook, { name }: ShownFeed, { synced }: Shown): number {
    const { client, clock } = this.services;
    const atSource = (ms: number): number => Math.round(ms + client.clock.offsetMs);
    const heardMs = look.changedAtMs.get(name);
    if (heardMs !== undefined) return Math.max(synced ?? 0, atSource(heardMs));
    const deliveredMs = look.deliveredAtMs.get(name);
    if (deliveredMs !== undefined && (synced ?? 0) + SYNC_TOLERANCE_MS < atSource(deliveredMs))
      return atSource(deliveredMs);
    return synced ?? atSource(clock.now());
  }

  /** The source does not want it: said once for each answer, and the incident's next change tries again. */
  private refused(incidentId: number, error: unknown): void {
    const code = SoarApiError.is(error) ? String(error.status) : 'patch-refused';
    // The fields may have been deleted.
    this.lookAtFieldsMs = Math.min(this.lookAtFieldsMs, this.services.clock.steadyMs() + LOOK_AGAIN_MS);
    this.sayOnce(
      `show_in_source: the source does not let the feed show itself in incident ${incidentId}: ${messageOf(error)}. Give the account of [resilient] the permission to edit incidents, or take show_in_source out. Deliveries go on, and this is not said again.`,
      { event: 'shown.refused', incidentId, code },
      `refused ${code}`,
    );
  }

  private rest(error: unknown): void {
    const { clock, log } = this.services;
    this.restUntilMs = clock.steadyMs() + REST_MS;
    log.debug(`What incidents show in the source is written later: ${messageOf(error)}`);
  }

  private sayOnce(text: string, facts: Readonly<Record<string, unknown>>, name: string): void {
    if (this.said.has(name)) return;
    this.said.add(name);
    this.services.log.warn(text, facts);
  }
}

/** The platform's own no to this write; anything else is tried again. */
function isRefusal(error: unknown): boolean {
  if (FeedError.is(error) && error.code === 'patch-refused') return true;
  return SoarApiError.is(error) && [400, 403, 409, 422].includes(error.status ?? 0);
}
