import { FeedError } from '@soar-feed/core';
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
import type { SqlFeedSettings } from './config/toSettings.js';
import { checkDestination } from './database/checkDestination.js';
import { nameOf } from './database/nameOf.js';
import { openSqlDatabase } from './database/openSqlDatabase.js';
import { observersOf } from './observersOf.js';
import { OpenFeed } from './rows/OpenFeed.js';
import type { FieldFilter } from './rows/OpenFeed.js';
import type { SqlFeedServices } from './SqlFeedServices.js';
import { Pipeline } from './rows/Pipeline.js';

/**
 * One table per type, one row per object, as IBM's `ODBCFeed` and `SQLiteFeed` write them: in batches, each in one
 * transaction, with the newest snapshot of every object.
 */
export class SqlFeed implements FeedTarget {
  readonly capabilities: TargetCapabilities;
  readonly engine: SqlFeedSettings['destination']['engine'];
  private feed: OpenFeed | undefined;
  private readonly pipeline = new Pipeline();

  constructor(
    private readonly settings: SqlFeedSettings,
    private readonly services: SqlFeedServices,
  ) {
    this.engine = settings.destination.engine;
    this.capabilities = {
      deletes: settings.onDelete === 'mark' ? 'mark' : 'apply',
      content: settings.content,
      timeSeries: true,
      batch: settings.batch,
    };
  }

  /** Throws `ConfigError` for what waiting does not mend, else `UnavailableError`. */
  async open({ signal }: OpenContext): Promise<void> {
    signal.throwIfAborted();
    await this.close();
    const database = await openSqlDatabase(this.settings.destination, this.services.name);
    const observers = [...observersOf(this.settings, this.services), ...(this.services.observers ?? [])];
    const feed = new OpenFeed(database, this.settings, { ...this.services, observers }, (work) =>
      this.pipeline.alone(work),
    );
    try {
      await feed.prepare(await this.excluded());
    } catch (error) {
      await database.close();
      throw error;
    }
    this.feed = feed;
  }

  async deliver(event: FeedEvent, context: DeliverContext): Promise<DeliveryResult> {
    const [outcome] = await this.deliverBatch([event], context);
    if (outcome?.status === 'failed') throw outcome.error;
    return outcome as DeliveryResult;
  }

  async deliverBatch(events: readonly FeedEvent[], { signal }: DeliverContext): Promise<readonly DeliveryOutcome[]> {
    signal.throwIfAborted();
    const { feed } = this;
    if (feed === undefined) throw new Error('The feed is not open.');
    return this.pipeline.take(
      () => feed.ready(events, signal),
      (ready) => feed.write(ready),
      signal,
    );
  }

  async health(_context: OpenContext): Promise<TargetHealth> {
    const name = nameOf(this.settings.destination);
    try {
      await (this.feed === undefined ? checkDestination(this.settings.destination) : this.feed.ping());
      return { state: 'up', detail: `${name} answers` };
    } catch (error) {
      return { state: 'down', detail: FeedError.is(error) ? error.message : `${name} cannot be used` };
    }
  }

  async close(): Promise<void> {
    const { feed } = this;
    this.feed = undefined;
    await feed?.close();
  }

  private async excluded(): Promise<FieldFilter> {
    return this.settings.excluded === undefined ? () => false : this.settings.excluded();
  }
}
