import { FeedError, readExclusions, UnavailableError, Replies } from '@soar-feed/core';
import type {
  Clock,
  DeliverContext,
  DeliveryOutcome,
  DeliveryResult,
  FeedEvent,
  FeedTarget,
  OpenContext,
  SourceOrg,
  TargetCapabilities,
  TargetHealth,
} from '@soar-feed/core';
import { Acks } from './Acks.js';
import { Collector } from './Collector.js';
import type { SplunkFeedSection } from './config.js';
import { hecFailure } from './hecFailure.js';
import { Plan } from './Plan.js';
import type { Planned, PlanParts, ToSend } from './Plan.js';
import { readTls } from './readTls.js';
import { Sending } from './Sending.js';
import type { Taken } from './Sending.js';
import { SentStore } from './SentStore.js';

export interface SplunkFeedServices {
  /** The feed's section. */
  readonly name: string;
  readonly source: Pick<SourceOrg, 'orgName' | 'fetch'>;
  readonly clock: Clock;
}

/** Batches beside each other: one is sent while the next is gathered. */
const CONCURRENCY = 4;

/** The collector's answers to a request without events: no data, or nothing now. */
const NO_DATA = 5;

interface Opened {
  readonly collector: Collector;
  readonly acks: Acks;
  readonly sending: Sending;
  readonly plan: PlanParts;
}

/** One Splunk event per change of an object, in IBM's flat form, by the HTTP Event Collector. */
export class SplunkFeed implements FeedTarget {
  readonly capabilities: TargetCapabilities;
  private readonly store: SentStore;
  private opened: Opened | undefined;

  constructor(
    private readonly section: SplunkFeedSection,
    private readonly services: SplunkFeedServices,
  ) {
    this.capabilities = {
      deletes: section.tombstones ? 'apply' : 'ignore',
      content: section.content === 'base64',
      timeSeries: true,
      concurrency: CONCURRENCY,
      batch: { maxEvents: section.batch_events, maxWaitMs: section.batch_wait },
    };
    this.store = new SentStore(section.state_file, services.name);
  }

  async open({ signal }: OpenContext): Promise<void> {
    await this.close();
    const { section, services, store } = this;
    const { exclude_incident_fields_file: file } = section;
    const isExcluded = file === undefined ? () => false : await readExclusions(file, services.name);
    const collector = new Collector(section, readTls(section, services.name));
    try {
      await this.assertTaken(collector, signal);
      await store.open();
    } catch (error) {
      collector.close();
      throw error;
    }
    const acks = new Acks({
      timeoutMs: section.ack_timeout,
      place: collector.place,
      clock: services.clock,
      ask: (ids, asking) => collector.acknowledged(ids, asking),
    });
    const members = { orgName: services.source.orgName, isExcluded };
    const replies = new Replies(services.source);
    const plan = { section, members, store, replies, now: () => services.clock.now() };
    this.opened = { collector, acks, sending: new Sending(collector, acks, section.ack), plan };
  }

  async deliver(event: FeedEvent, context: DeliverContext): Promise<DeliveryResult> {
    const [outcome] = (await this.deliverBatch([event], context)) as [DeliveryOutcome];
    if (outcome.status === 'failed') throw outcome.error;
    return outcome;
  }

  async deliverBatch(events: readonly FeedEvent[], { signal }: DeliverContext): Promise<readonly DeliveryOutcome[]> {
    signal.throwIfAborted();
    const { opened } = this;
    if (opened === undefined) throw new Error('The target is not open.');
    const outcomes: DeliveryOutcome[] = [];
    for (const run of runsOf(events)) outcomes.push(...(await this.run(run, opened, signal)));
    return outcomes;
  }

  /** Waits for the acknowledgements of what was sent. */
  async flush({ signal }: OpenContext): Promise<void> {
    const { acks } = this.opened ?? {};
    if (acks === undefined || signal.aborted) return;
    const given = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    await Promise.race([acks.settled(), given]);
  }

  async health({ signal }: OpenContext): Promise<TargetHealth> {
    let own: Collector | undefined;
    try {
      const { collector = (own = new Collector(this.section, readTls(this.section, this.services.name))) } =
        this.opened ?? {};
      await this.assertTaken(collector, signal);
      return { state: 'up', detail: `${collector.place} takes events` };
    } catch (error) {
      const isBusy = FeedError.is(error) && error.kind === 'retryable';
      return { state: isBusy ? 'degraded' : 'down', detail: (error as Error).message };
    } finally {
      own?.close();
    }
  }

  async close(): Promise<void> {
    const { opened } = this;
    this.opened = undefined;
    await opened?.acks.close();
    await this.store.close();
    opened?.collector.close();
  }

  /** The collector judges the token before it finds that a request has no event, so nothing is written. */
  private async assertTaken(collector: Collector, signal: AbortSignal): Promise<void> {
    const answer = await collector.probe(signal);
    if (answer.code !== NO_DATA) throw hecFailure(answer, collector.place);
  }

  /** Events that are all upserts or all deletes; sent in parts, so that memory holds few contents. */
  private async run(
    events: readonly FeedEvent[],
    opened: Opened,
    signal: AbortSignal,
  ): Promise<readonly DeliveryOutcome[]> {
    if (events[0]?.operation === 'delete' && !this.section.tombstones) {
      return events.map(() => ({ status: 'skipped', reason: 'tombstones=false' }));
    }
    const plan = new Plan(opened.plan, await this.store.of(events.map(({ key }) => key)));
    const outcomes: DeliveryOutcome[] = [];
    let part: (Planned | DeliveryOutcome)[] = [];
    let bytes = 0;
    for (const event of events) {
      const planned = await this.planned(plan, event, signal);
      part.push(planned);
      if ('sends' in planned) for (const { text } of planned.sends) bytes += Buffer.byteLength(text);
      if (bytes < this.section.max_request) continue;
      outcomes.push(...(await this.carryOut(part, opened, signal)));
      part = [];
      bytes = 0;
    }
    return [...outcomes, ...(await this.carryOut(part, opened, signal))];
  }

  private async planned(plan: Plan, event: FeedEvent, signal: AbortSignal): Promise<Planned | DeliveryOutcome> {
    try {
      return await (event.operation === 'delete' ? plan.delete(event) : plan.upsert(event, signal));
    } catch (error) {
      signal.throwIfAborted();
      // What concerns the store ends the batch; the rest (a content that broke off) ends this event only.
      if (FeedError.is(error) && error.kind !== 'permanent') throw error;
      return { status: 'failed', error: error as Error };
    }
  }

  private async carryOut(
    part: readonly (Planned | DeliveryOutcome)[],
    { sending }: Opened,
    signal: AbortSignal,
  ): Promise<readonly DeliveryOutcome[]> {
    const sends = part.flatMap((one) => ('sends' in one ? one.sends : []));
    if (sends.length > 0) await this.store.begin(sends.map(({ sent }) => sent));
    const taken: Taken[] = [];
    for (const request of requestsOf(sends, this.section)) {
      taken.push(
        ...(await sending.send(
          request.map(({ text }) => text),
          signal,
        )),
      );
    }
    let at = 0;
    const ends = part.map((one) => {
      if (!('sends' in one)) return { one };
      const own = one.sends.map((send, which) => ({ ...send, taken: taken[at + which] as Taken }));
      at += one.sends.length;
      return { one, own };
    });
    return ends.map(({ one, own }) =>
      own === undefined ? (one as DeliveryOutcome) : this.outcomeOf(one as Planned, own),
    );
  }

  private outcomeOf({ change }: Planned, own: readonly (ToSend & { readonly taken: Taken })[]): DeliveryOutcome {
    const refused = own.find(({ taken }) => 'error' in taken)?.taken;
    if (refused !== undefined && 'error' in refused) return { status: 'failed', error: refused.error };
    if (own.length === 0) return { status: 'delivered', change };
    const committed = this.commit(own);
    committed.catch(() => undefined);
    return { status: 'delivered', change, committed };
  }

  /** Only now is it known that Splunk has the state. */
  private async commit(own: readonly (ToSend & { readonly taken: Taken })[]): Promise<void> {
    await Promise.all(own.flatMap(({ taken }) => ('durable' in taken ? [taken.durable] : [])));
    try {
      await this.store.has(own.map(({ sent }) => sent));
    } catch (error) {
      if (FeedError.is(error)) throw error;
      throw new UnavailableError('What was sent to Splunk cannot be noted in state_file.', {
        code: 'splunk-state',
        cause: error,
      });
    }
  }
}

/** Neighbours of one kind: a delete must find what was sent before it. */
function* runsOf(events: readonly FeedEvent[]): Generator<readonly FeedEvent[]> {
  let run: FeedEvent[] = [];
  for (const event of events) {
    if (run[0] !== undefined && run[0].operation !== event.operation) {
      yield run;
      run = [];
    }
    run.push(event);
  }
  if (run.length > 0) yield run;
}

/** No request is larger than the section says; one larger event is sent alone. */
function* requestsOf(
  sends: readonly ToSend[],
  { max_request: maxBytes, batch_events: maxEvents }: SplunkFeedSection,
): Generator<readonly ToSend[]> {
  let request: ToSend[] = [];
  let bytes = 0;
  for (const send of sends) {
    const more = Buffer.byteLength(send.text) + 1;
    if (request.length > 0 && (bytes + more > maxBytes || request.length >= maxEvents)) {
      yield request;
      request = [];
      bytes = 0;
    }
    request.push(send);
    bytes += more;
  }
  if (request.length > 0) yield request;
}
