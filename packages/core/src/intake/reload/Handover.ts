import { StoppingError } from '../../contract/errors.js';
import type { Logger } from '../../contract/Logger.js';
import type { TypeSchema } from '../../contract/TypeSchema.js';
import { isIncident } from '../../contract/ObjectKey.js';
import type { AcceptOptions } from '../../delivery/Entry.js';
import type { Feed } from '../../delivery/Feed.js';
import { refusalOf } from '../../trouble/classify.js';
import type { FeedRouter } from '../../routing/FeedRouter.js';
import type { TypeCatalog } from '../../shape/TypeCatalog.js';
import type { EventFactory } from '../../source/EventFactory.js';
import { submit } from '../submit.js';
import type { ReloadEvent } from './incidentEvents.js';
import { incidentEvents } from './incidentEvents.js';
import type { IncidentObjects } from './IncidentReader.js';
import type { WantedTypes } from '../../source/incidents/incidentParts.js';
import { lasting } from './ReloadReport.js';
import type { ReloadTally } from './ReloadReport.js';
import { Watermark } from './Watermark.js';
import { messageOf } from '../../trouble/messageOf.js';

export interface HandoverServices {
  readonly feeds: readonly Feed[];
  readonly router: FeedRouter;
  readonly events: EventFactory;
  readonly catalog: TypeCatalog;
  readonly tally: ReloadTally;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly onProgress: () => void;
}

export interface HandoverFacts {
  readonly runId: string;
  readonly wants: WantedTypes;
  /** When the incident itself was requested; ms, source clock. */
  readonly requestedAtMs: number;
}

/** Hands incidents to the feeds as their lanes have room, and knows up to which incident everything has settled. */
export class Handover {
  private readonly watermark = new Watermark();
  private readonly underWay = new Set<Promise<void>>();

  constructor(private readonly services: HandoverServices) {}

  /** In ascending order, before anything of the incident is read. */
  begin(incidentId: number): void {
    this.watermark.begin(incidentId);
  }

  /** Nothing of this incident will be handed over. */
  pass(incidentId: number): void {
    this.watermark.pass(incidentId);
  }

  get settledUpTo(): number | undefined {
    return this.watermark.settledUpTo;
  }

  /**
   * Resolves as soon as the incident is under way: the feeds' room is the back-pressure. `false`: its events cannot be made,
   * because of a bug or of what the source gave. That concerns this incident only, and reading it again changes nothing.
   */
  async hand(read: IncidentObjects, facts: HandoverFacts): Promise<boolean> {
    await this.room(read.incident.id);
    this.services.signal.throwIfAborted();
    let sent: readonly ReloadEvent[];
    try {
      sent = await this.eventsOf(read, facts);
    } catch (error) {
      this.refuse(read.incident.id, error);
      return false;
    }
    const work = this.sendAll(read.incident.id, sent);
    this.underWay.add(work);
    void work.finally(() => this.underWay.delete(work));
    return true;
  }

  /** Resolves when everything handed over has settled. */
  async settled(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  private async eventsOf(read: IncidentObjects, facts: HandoverFacts): Promise<readonly ReloadEvent[]> {
    const { events, catalog } = this.services;
    const { incident, objects, asOfMs } = read;
    const schema = await catalog.knowing((await catalog.named('incident')) as TypeSchema, incident);
    const onOdd = (message: string): void => this.services.tally.fault({ incidentId: incident.id, message });
    return incidentEvents(events, { ...facts, incident, schema, objects, objectsAsOfMs: asOfMs, onOdd });
  }

  /** Throws errors that may pass, such as the source being away. The watermark stays below the incident. */
  private refuse(incidentId: number, error: unknown): void {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    const { message, code } = refusal;
    this.services.tally.fault({ incidentId, message, ...lasting(error) });
    const text = `Incident ${incidentId} could not be handed to the feeds: ${message}`;
    this.services.log.error(text, { event: 'reload.fault', incidentId, code, error });
  }

  private async sendAll(incidentId: number, sent: readonly ReloadEvent[]): Promise<void> {
    const ends: Promise<boolean>[] = [];
    for (const event of sent) {
      await this.room(incidentId);
      ends.push(this.send(event, followingOf(event, sent)));
    }
    const taken = await Promise.all(ends);
    // An event that was refused because the host stops keeps the watermark below its incident: the next run sends it again.
    if (!taken.includes(false)) this.watermark.pass(incidentId);
    this.services.onProgress();
  }

  /** `false`: the event was not taken. */
  private async send(
    { event, countsAsObject }: ReloadEvent,
    following: Pick<AcceptOptions, 'following'>,
  ): Promise<boolean> {
    const { router, feeds, tally } = this.services;
    const routed = router.feedsFor(event).filter((feed) => feeds.includes(feed));
    try {
      const options = { requestedAtMs: event.observedAtMs, ...following };
      tally.sent(event, await submit(event, routed, options), countsAsObject);
      return true;
    } catch (error) {
      if (!(error instanceof StoppingError)) {
        tally.fault({
          incidentId: event.key.incidentId,
          message: messageOf(error),
        });
      }
      return false;
    }
  }

  private async room(incidentId: number): Promise<void> {
    await Promise.all(this.services.feeds.map((feed) => feed.room(incidentId)));
  }
}

/** The objects of an incident that is read whole. They have its workspace, so they go to the same feeds. */
function followingOf({ event }: ReloadEvent, sent: readonly ReloadEvent[]): Pick<AcceptOptions, 'following'> {
  if (event.followedByObjects !== true) return {};
  return { following: sent.map((one) => one.event).filter(({ key }) => !isIncident(key)) };
}
