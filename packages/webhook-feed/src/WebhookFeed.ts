import { FeedError, writeJson } from '@soar-feed/core';
import type {
  DeliverContext,
  DeliveryOutcome,
  DeliveryResult,
  FeedEvent,
  FeedTarget,
  OpenContext,
  TargetCapabilities,
  TargetHealth,
} from '@soar-feed/core';
import type { WebhookSettings } from './config/WebhookSettings.js';
import { itemOf } from './request/itemOf.js';
import { Poster } from './request/Poster.js';
import { requestOf } from './request/Request.js';
import { itemResults } from './send/itemResults.js';
import { forbidden, judge } from './send/judge.js';
import type { Parcel } from './send/Parcel.js';
import { roundsOf } from './send/roundsOf.js';

type Failures = ReadonlyMap<Parcel, FeedError>;

/** Posts changes in signed batches. The receiver must accept the same change twice, and may answer for each. */
export class WebhookFeed implements FeedTarget {
  readonly capabilities: TargetCapabilities;
  private readonly place: string;
  private poster: Poster | undefined;

  constructor(private readonly settings: WebhookSettings) {
    this.capabilities = {
      deletes: 'apply',
      content: false,
      // The other format is the object as SOAR shapes it, which has none.
      ...(settings.format === 'flat' ? { timeSeries: true } : {}),
      batch: settings.batch,
    };
    this.place = new URL(settings.url).host;
  }

  /** Posts an empty batch, which shows whether the receiver is there and accepts the signature. */
  async open({ signal }: OpenContext): Promise<void> {
    signal.throwIfAborted();
    await this.close();
    this.poster = await Poster.open(this.settings);
    await this.ping(this.poster, signal);
  }

  async deliver(event: FeedEvent, context: DeliverContext): Promise<DeliveryResult> {
    const [outcome] = await this.deliverBatch([event], context);
    if (outcome?.status === 'failed') throw outcome.error;
    return outcome as DeliveryResult;
  }

  async deliverBatch(events: readonly FeedEvent[], { signal }: DeliverContext): Promise<readonly DeliveryOutcome[]> {
    signal.throwIfAborted();
    this.poster ??= await Poster.open(this.settings);
    const { poster } = this;
    const parcels = events.map((event, at) => ({ at, event, json: writeJson(itemOf(event, this.settings.format)) }));
    const outcomes: DeliveryOutcome[] = [];
    /** Incidents whose later changes wait until an earlier one was sent again. */
    const held = new Map<number, FeedError>();
    for (const round of roundsOf(parcels, this.settings.maxBodyBytes)) {
      const free = round.filter(({ event }) => !held.has(event.key.incidentId));
      const failures: Failures = free.length === 0 ? new Map() : await this.send(poster, free, signal);
      for (const parcel of round) {
        const { incidentId } = parcel.event.key;
        const error = failures.get(parcel) ?? held.get(incidentId);
        outcomes[parcel.at] = error === undefined ? deliveredOf(parcel.event) : { status: 'failed', error };
        if (error !== undefined && error.kind !== 'permanent') held.set(incidentId, error);
      }
    }
    return outcomes;
  }

  async health({ signal }: OpenContext): Promise<TargetHealth> {
    let own: Poster | undefined;
    try {
      const poster = this.poster ?? (own = await Poster.open(this.settings));
      await this.ping(poster, signal);
      return { state: 'up', detail: `${this.place} takes changes` };
    } catch (error) {
      signal.throwIfAborted();
      return { state: 'down', detail: (error as Error).message };
    } finally {
      own?.close();
    }
  }

  async close(): Promise<void> {
    this.poster?.close();
    this.poster = undefined;
  }

  private async ping(poster: Poster, signal: AbortSignal): Promise<void> {
    const answer = await poster.post(requestOf([], '', this.settings), signal);
    const problem = judge(answer, this.place);
    if (problem !== undefined) throw answer.status === 403 ? forbidden(this.place) : problem;
  }

  /** A request that is refused as a whole is halved until the change is found that is at fault: its neighbours arrive. */
  private async send(poster: Poster, parcels: readonly Parcel[], signal: AbortSignal): Promise<Failures> {
    const org = String(parcels[0]?.event.key.orgId ?? '');
    const request = requestOf(
      parcels.map(({ json }) => json),
      org,
      this.settings,
    );
    let problem: FeedError | undefined;
    try {
      const answer = await poster.post(request, signal);
      problem = judge(answer, this.place);
      // Whether it forbids these changes, or everything.
      if (answer.status === 403) await this.ping(poster, signal);
      if (problem === undefined) {
        const verdictOf = itemResults(answer, this.place);
        const verdicts = parcels.map((parcel) => [parcel, verdictOf(parcel.event.id)] as const);
        return new Map(verdicts.filter((pair): pair is readonly [Parcel, FeedError] => pair[1] !== undefined));
      }
    } catch (error) {
      if (!FeedError.is(error)) throw error;
      problem = error;
    }
    if (problem.kind !== 'permanent' || parcels.length === 1) {
      const all = problem;
      return new Map(parcels.map((parcel) => [parcel, all]));
    }
    const middle = Math.ceil(parcels.length / 2);
    const first = await this.send(poster, parcels.slice(0, middle), signal);
    return new Map([...first, ...(await this.send(poster, parcels.slice(middle), signal))]);
  }
}

function deliveredOf({ operation }: FeedEvent): DeliveryOutcome {
  return { status: 'delivered', change: operation === 'delete' ? 'deleted' : 'updated' };
}
