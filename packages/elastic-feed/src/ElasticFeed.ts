import { FeedError, isDataTable, Replies } from '@soar-feed/core';
import type {
  Clock,
  DeliverContext,
  DeliveryOutcome,
  DeliveryResult,
  FeedEvent,
  FeedTarget,
  Logger,
  OpenContext,
  SourceOrg,
  TargetCapabilities,
  TargetHealth,
} from '@soar-feed/core';
import { Below } from './Below.js';
import { Bulk } from './Bulk.js';
import type { Answer, Call, SearchClient } from './client.js';
import type { ElasticFeedSection } from './config.js';
import { connect } from './connect.js';
import { Deletes } from './Deletes.js';
import { documentOf } from './documentOf.js';
import { Indices } from './Indices.js';
import { toFeedError } from './toFeedError.js';
import { Tombstones } from './Tombstones.js';
import { Upserts } from './Upserts.js';

export interface ElasticFeedServices {
  /** The feed's section. */
  readonly name: string;
  readonly source: Pick<SourceOrg, 'orgName' | 'serverClock' | 'types' | 'fetch'>;
  readonly log: Logger;
  readonly clock: Clock;
}

/** Batches beside each other: one is written while the next is gathered. */
const CONCURRENCY = 4;

/** One document per object in Elasticsearch or OpenSearch, in IBM's flat form, under IBM's index names and ids. */
export class ElasticFeed implements FeedTarget {
  readonly capabilities: TargetCapabilities;
  private client: SearchClient | undefined;
  private opened: { readonly upserts: Upserts; readonly deletes: Deletes } | undefined;
  /** Every write since the opening was refused for lack of permission: then the login is at fault, not the objects. */
  private forbidden = false;

  constructor(
    private readonly config: ElasticFeedSection,
    private readonly services: ElasticFeedServices,
  ) {
    this.capabilities = {
      deletes: config.on_delete === 'mark' ? 'mark' : 'apply',
      content: config.content === 'base64',
      timeSeries: true,
      concurrency: CONCURRENCY,
      batch: { maxEvents: config.batch_events, maxWaitMs: config.batch_wait },
    };
  }

  async open({ signal }: OpenContext): Promise<void> {
    await this.close();
    const { config } = this;
    const { log } = this.services;
    this.client = await connect(config, this.services.name, signal);
    const send = this.send.bind(this);
    const indices = new Indices(send, { prefix: config.index_prefix, templates: config.templates, log });
    await indices.openTombstones(signal);
    const bulk = new Bulk(send, config.max_request, (index) => indices.forget(index));
    const tombstones = new Tombstones(send, indices.tombstones);
    const common = { send, bulk, tombstones };
    this.forbidden = false;
    this.opened = {
      upserts: new Upserts({
        ...common,
        idOf: (event) => this.idOf(event, event.key.objectId),
        now: () => this.sourceNow(),
        maxBytes: config.max_request,
        prepare: async (event, signal) => {
          const { orgName } = this.services.source;
          const document = await documentOf(event, { ...config, orgName }, signal);
          const index = await indices.prepare(event.schema, event.key.type, Object.keys(document), signal);
          return { document, index };
        },
      }),
      deletes: new Deletes({
        replies: new Replies(this.services.source),
        ...common,
        below: new Below(send, config.on_delete === 'mark'),
        onDelete: config.on_delete,
        indices: async () => indices.namesOf((await this.services.source.types()).map(({ name }) => name)),
        tables: async () => {
          const types = (await this.services.source.types()).filter(isDataTable);
          return indices.validNamesOf(types.map(({ name }) => name));
        },
        placeOf: (event, objectId) => ({ index: indices.nameOf(event.key.type), id: this.idOf(event, objectId) }),
      }),
    };
    log.debug(`Writes to ${this.client.flavour}.`);
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
    for (const run of runsOf(events)) {
      const writer = run[0]?.operation === 'delete' ? opened.deletes : opened.upserts;
      outcomes.push(...(await this.alone(run, (some) => writer.run(some, signal))));
    }
    const isForbidden = outcomes.map(isRefusedByRole);
    if (isForbidden.every(Boolean)) this.forbidden = true;
    else if (isForbidden.includes(false)) this.forbidden = false;
    return outcomes;
  }

  async health({ signal }: OpenContext): Promise<TargetHealth> {
    if (this.forbidden)
      return {
        state: 'down',
        detail: 'The login may not write (403); grant it the privileges of docs/targets/elastic.md.',
      };
    let own: SearchClient | undefined;
    try {
      const client = this.client ?? (own = await connect(this.config, this.services.name, signal));
      await this.ask(client, { method: 'GET', path: '/' }, 'Asking the server for its name', signal);
      return { state: 'up', detail: `${this.config.url.origin} answers as ${client.flavour}` };
    } catch (error) {
      return { state: 'down', detail: (error as Error).message };
    } finally {
      await own?.close();
    }
  }

  async close(): Promise<void> {
    const { client } = this;
    this.client = undefined;
    this.opened = undefined;
    await client?.close();
  }

  /** What a type as a whole cannot have (an index name) fails its events one by one, and not their neighbours. */
  private async alone(
    events: readonly FeedEvent[],
    write: (events: readonly FeedEvent[]) => Promise<readonly DeliveryOutcome[]>,
  ): Promise<readonly DeliveryOutcome[]> {
    try {
      return await write(events);
    } catch (error) {
      if (!FeedError.is(error) || error.kind !== 'permanent') throw error;
      const isRole = (error.cause as { status?: unknown } | undefined)?.status === 403;
      if (isRole || events.length === 1) return events.map(() => ({ status: 'failed', error }));
      const outcomes: DeliveryOutcome[] = [];
      for (const event of events) outcomes.push(...(await this.alone([event], write)));
      return outcomes;
    }
  }

  private async send(call: Call, doing: string, signal: AbortSignal): Promise<Answer> {
    const { client } = this;
    if (client === undefined) throw new Error('The target is not open.');
    return this.ask(client, call, doing, signal);
  }

  private async ask(client: SearchClient, call: Call, doing: string, signal: AbortSignal): Promise<Answer> {
    try {
      return await client.request(call, signal);
    } catch (error) {
      throw toFeedError(error, doing, signal);
    }
  }

  private idOf({ key }: FeedEvent, objectId: number): string {
    return this.config.document_id === 'object' ? String(objectId) : `${key.orgId}-${objectId}`;
  }

  private sourceNow(): number {
    const { serverClock } = this.services.source;
    return serverClock?.measured === true ? serverClock.serverNow() : this.services.clock.now();
  }
}

/** Neighbours of one kind: a delete must find what was written before it, and what comes after must find it done. */
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

function isRefusedByRole(outcome: DeliveryOutcome): boolean | undefined {
  if (outcome.status !== 'failed')
    return outcome.status === 'delivered' && outcome.change === 'unchanged' ? undefined : false;
  return (outcome.error.cause as { status?: unknown } | undefined)?.status === 403 ? true : undefined;
}
