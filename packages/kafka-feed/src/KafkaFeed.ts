import { FeedError, surroundings } from '@soar-feed/core';
import type {
  DeliverContext,
  DeliveryOutcome,
  DeliveryResult,
  FeedEvent,
  FeedTarget,
  Logger,
  OpenContext,
  TargetCapabilities,
  TargetHealth,
} from '@soar-feed/core';
import { KafkaFailure } from './client/KafkaFailure.js';
import type { KafkaPort } from './client/KafkaPort.js';
import type { KafkaSettings } from './config/KafkaSettings.js';
import { contentOf } from './message/contentOf.js';
import { messageOf, sizeOf } from './message/messageOf.js';
import { Topics } from './message/Topics.js';
import { awayError, feedErrorOf, tooLargeHere } from './send/feedErrorOf.js';
import type { Parcel } from './send/Parcel.js';
import { roundsOf } from './send/roundsOf.js';
import { sendRound } from './send/sendRound.js';
import { untilAborted } from './send/untilAborted.js';

/**
 * One message per event, in Kafka topics. IBM's feed sends one message at a time, without a key, and only logs what the
 * cluster does not take. Here messages travel in batches, an object's messages keep their order, and what is not taken is
 * the engine's to try again.
 */
export class KafkaFeed implements FeedTarget {
  readonly capabilities: TargetCapabilities;
  private readonly topics: Topics;
  private port: KafkaPort | undefined;
  /** One request after another, so that a slow one is never overtaken. */
  private line: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly settings: KafkaSettings,
    private readonly makeClient: (settings: KafkaSettings) => KafkaPort,
    private readonly log: Logger,
  ) {
    // A log keeps what was: a delete is one more message, which says so.
    this.capabilities = {
      deletes: 'mark',
      content: settings.hasContent,
      timeSeries: true,
      concurrency: 64,
      batch: settings.batch,
    };
    this.topics = new Topics(settings.topicMap, settings.topicTemplate);
  }

  async open({ signal }: OpenContext): Promise<void> {
    signal.throwIfAborted();
    await this.close();
    const port = this.makeClient(this.settings);
    this.port = port;
    const missing = await this.inTime(signal, async () => {
      await port.connect();
      return this.missingOf(port);
    });
    if (missing.length > 0) {
      this.log.warn('Topics do not exist yet; their first message makes them only if the cluster allows that.', {
        event: 'kafka.topics-missing',
        topics: missing,
      });
    }
  }

  async deliver(event: FeedEvent, context: DeliverContext): Promise<DeliveryResult> {
    const [outcome] = await this.deliverBatch([event], context);
    if (outcome?.status === 'failed') throw outcome.error;
    return outcome as DeliveryResult;
  }

  async deliverBatch(events: readonly FeedEvent[], context: DeliverContext): Promise<readonly DeliveryOutcome[]> {
    const { signal, attempt } = context;
    signal.throwIfAborted();
    const outcomes: DeliveryOutcome[] = [];
    const parcels: Parcel[] = [];
    for (const [at, event] of events.entries()) {
      const made = await this.parcelOf(at, event, signal);
      if ('status' in made) outcomes[at] = made;
      else parcels.push(made);
    }
    const work = this.line.then(() => this.send(parcels, outcomes, signal, attempt));
    this.line = work.catch(() => undefined);
    await untilAborted(work, signal);
    return outcomes;
  }

  async health({ signal }: OpenContext): Promise<TargetHealth> {
    const { port } = this;
    const probe = port ?? this.makeClient(this.settings);
    try {
      const missing = await this.inTime(signal, async () => {
        if (port === undefined) await probe.connect();
        return this.missingOf(probe);
      });
      if (missing.length === 0) return { state: 'up', detail: `${this.settings.connection.brokers.join(',')} answers` };
      return { state: 'degraded', detail: `these topics do not exist: ${missing.join(', ')}` };
    } catch (error) {
      return { state: 'down', detail: (error as Error).message };
    } finally {
      if (port === undefined) await probe.close();
    }
  }

  async close(): Promise<void> {
    const { port } = this;
    this.port = undefined;
    await port?.close();
  }

  private async parcelOf(at: number, event: FeedEvent, signal: AbortSignal): Promise<Parcel | DeliveryOutcome> {
    const { hasContent, isTombstone, maxMessageBytes } = this.settings;
    try {
      const topic = this.topics.of(event.key);
      if (topic === undefined) return { status: 'skipped', reason: 'no topic is mapped to this type' };
      const hasBytes = hasContent && event.content !== undefined && event.operation === 'upsert';
      const content = hasBytes ? await contentOf(event.content, maxMessageBytes, signal) : undefined;
      const message = messageOf(event, topic, { isTombstone, ...(content === undefined ? {} : { content }) });
      const parcel: Parcel = { at, event, message, size: sizeOf(message) };
      if (parcel.size <= maxMessageBytes) return parcel;
      return { status: 'failed', error: tooLargeHere(parcel, maxMessageBytes) };
    } catch (error) {
      signal.throwIfAborted();
      return { status: 'failed', error: error as Error };
    }
  }

  private async send(
    parcels: readonly Parcel[],
    outcomes: DeliveryOutcome[],
    signal: AbortSignal,
    attempt: number,
  ): Promise<void> {
    /** Incidents whose later events must wait until an earlier one was tried again. */
    const held = new Map<number, Error>();
    for (const round of roundsOf(parcels, this.settings.maxRequestBytes)) {
      signal.throwIfAborted();
      const free = round.filter(({ event }) => !held.has(event.key.incidentId));
      const failures = free.length === 0 ? new Map<Parcel, KafkaFailure>() : await this.sendFree(free, signal);
      for (const parcel of round) {
        const { at, event } = parcel;
        const failure = failures.get(parcel);
        const error = failure === undefined ? held.get(event.key.incidentId) : feedErrorOf(failure, parcel, attempt);
        outcomes[at] = error === undefined ? deliveredOf(parcel) : { status: 'failed', error };
        const isFinal = FeedError.is(error) && error.kind === 'permanent';
        if (error !== undefined && !isFinal) held.set(event.key.incidentId, error);
      }
    }
  }

  private async sendFree(parcels: readonly Parcel[], signal: AbortSignal): Promise<ReadonlyMap<Parcel, KafkaFailure>> {
    const { port } = this;
    if (port === undefined) throw awayError(new KafkaFailure('away', 'CLOSED', 'the feed is not open.'));
    return sendRound(port, parcels, () => signal.aborted);
  }

  private async missingOf(port: KafkaPort): Promise<readonly string[]> {
    const found = await port.partitions(this.topics.named);
    return this.topics.named.filter((topic) => !found.has(topic));
  }

  private async inTime<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const seconds = this.settings.openTimeoutMs / 1_000;
    let cancel = (): void => undefined;
    const late = new Promise<never>((_, reject) => {
      cancel = surroundings().startTimer(this.settings.openTimeoutMs, () =>
        reject(new KafkaFailure('away', 'TIMEOUT', `no answer within selftest_timeout (${seconds} s).`)),
      );
    });
    try {
      return await untilAborted(Promise.race([work(), late]), signal);
    } catch (error) {
      if (!(error instanceof KafkaFailure)) throw error;
      throw awayError(error);
    } finally {
      cancel();
    }
  }
}

function deliveredOf({ event, message }: Parcel): DeliveryOutcome {
  return {
    status: 'delivered',
    change: event.operation === 'delete' ? 'deleted' : 'updated',
    ref: `${message.topic}:${message.key.toString()}`,
  };
}
