import { trace } from '@opentelemetry/api';
import type { ActionReply, QueueMessage } from '@soar-feed/soar-client';
import { DecodeError, StoppingError } from '../../contract/errors.js';
import type { Clock } from '../../contract/Clock.js';
import type { FeedEvent } from '../../contract/FeedEvent.js';
import type { FeedStore, RawMessage } from '../../contract/FeedStore.js';
import type { Logger } from '../../contract/Logger.js';
import type { Metrics } from '../../contract/Metrics.js';
import { classify } from '../../trouble/classify.js';
import { messageOf } from '../../trouble/messageOf.js';
import { facts } from '../../delivery/facts.js';
import type { EventSource } from '../../source/EventSource.js';
import type { SourceTime } from '../../source/SourceTime.js';
import { patientEvents, patientTypes } from '../../source/patience/patientSource.js';
import { Patience } from '../../source/patience/Patience.js';
import { ONE_MESSAGE } from '../../source/patience/policy.js';
import { durably } from '../../parking/durably.js';
import type { DurablyContext } from '../../parking/durably.js';
import type { FeedRouter } from '../../routing/FeedRouter.js';
import type { EventWatch } from '../../telemetry/EventWatch.js';
import { objectAttributes } from '../../telemetry/tracing/objectAttributes.js';
import { spanned } from '../../telemetry/tracing/spanned.js';
import { metricNames } from '../../telemetry/metrics.js';
import { submit } from '../submit.js';
import type { SyncRequest } from '../reload/SyncRequest.js';
import { AckLedger } from './AckLedger.js';
import { changedAt } from './changedAt.js';
import { asUndecodable } from './asUndecodable.js';
import { bringBack } from './bringBack.js';
import type { DecodeContext } from './decodeMessage.js';
import { decodeMessage } from './decodeMessage.js';
import { named } from './named.js';
import { receivedOf } from './receivedOf.js';
import { errorReply, replyTo } from './replyTo.js';

/** Raw messages taken from the store at once. */
const RAW_AT_ONCE = 20;

export interface QueueIntakeServices {
  readonly queueName: string;
  readonly router: FeedRouter;
  readonly decode: DecodeContext;
  readonly source: EventSource;
  /** The source's clock by ours; `undefined` where that is not known. */
  readonly sourceTime?: Pick<SourceTime, 'byOurs'>;
  /** Default: nobody watches. */
  readonly watch?: EventWatch;
  readonly store: FeedStore;
  readonly durably: DurablyContext;
  /** Aborted when the host stops: messages that have not reached a feed by then come again. */
  readonly stopping: AbortSignal;
  /** Runs the "Sync Incidents" function; resolves with the answer for the platform. */
  readonly sync: (request: SyncRequest, progress: (message: string) => void) => Promise<ActionReply>;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

/** The source as one message asks it. */
interface MessageSource {
  readonly decode: DecodeContext;
  readonly events: EventSource;
}

export interface QueueCounts {
  received: number;
  acknowledged: number;
  ignored: number;
  undecodable: number;
}

/**
 * One message in, one answer out: decode, hand to the feeds, wait for the end in each, reply, acknowledge. The broker's
 * prefetch is the back-pressure; a message without an ack comes again.
 */
export class QueueIntake {
  readonly counts: QueueCounts = { received: 0, acknowledged: 0, ignored: 0, undecodable: 0 };
  private readonly ledger: AckLedger;
  /**
   * Every copy of each message under way, the newest last: a redelivered copy has its own ack id. All copies are acknowledged,
   * because one may come in the same session; acks of a lost session do nothing.
   */
  private readonly underWay = new Map<string, QueueMessage[]>();
  /** Messages are decoded one after the other: decoding may wait for the source, and their order must not change. */
  private decoding: Promise<unknown> = Promise.resolve();

  constructor(private readonly services: QueueIntakeServices) {
    this.ledger = new AckLedger(services.clock);
  }

  get inFlight(): number {
    return this.underWay.size;
  }

  /** Takes one message; never rejects. */
  async take(received: QueueMessage): Promise<void> {
    this.counts.received += 1;
    const message = named(received);
    const known = this.ledger.answerTo(message.messageId);
    if (known !== undefined) {
      this.countMessage('repeated');
      this.finish([message], known);
      return;
    }
    const earlier = this.underWay.get(message.messageId);
    if (earlier !== undefined) {
      this.countMessage('repeated');
      earlier.push(message);
      return;
    }
    const copies = [message];
    this.underWay.set(message.messageId, copies);
    try {
      const source = this.patientSource();
      const handle = () => this.work(message, source);
      const reply = await bringBack(
        message.messageId,
        handle,
        (error) => this.keepFault(message, error),
        this.services,
      );
      this.ledger.remember(message.messageId, reply);
      this.finish(copies, reply);
    } catch (error) {
      this.services.log.debug(`A message was not acknowledged and will come again: ${String(error)}`, {
        messageId: message.messageId,
      });
    } finally {
      this.underWay.delete(message.messageId);
    }
  }

  /** Decodes parked messages again, as a person asked; then they go the way of any message. Never rejects. */
  async retryRaw(): Promise<void> {
    const { store, log, stopping } = this.services;
    try {
      for (;;) {
        const rows = await this.durably('take raw', () => store.parked.takeRaw(RAW_AT_ONCE));
        if (rows.length === 0 || stopping.aborted) return;
        for (const { message } of rows) {
          const keep = (error: unknown) => this.keepStill(message, error);
          const source = this.patientSource();
          await bringBack(message.messageId, () => this.retryOne(message, source), keep, this.services);
        }
      }
    } catch (error) {
      const say = error instanceof StoppingError ? 'debug' : 'error';
      log[say](`Raw messages could not be tried again: ${messageOf(error)}`);
    }
  }

  /** It was answered and acknowledged when it was parked. Now only its row ends, or stays with the new problem. */
  private async retryOne(raw: RawMessage, source: MessageSource): Promise<void> {
    const { store, log } = this.services;
    const { messageId } = raw;
    const nothing = (): void => undefined;
    const copy: QueueMessage = { ...raw, redelivered: true, ack: nothing, reply: nothing };
    const handed = await this.inTurn(copy, source);
    if (handed instanceof DecodeError) return this.keepStill(raw, handed);
    await handed.ended;
    await this.durably('remove raw', () => store.parked.removeRaw(messageId));
    log.info('A parked message was understood.', { messageId });
  }

  private async keepStill(raw: RawMessage, problem: unknown): Promise<void> {
    const { store, log } = this.services;
    const { code, message } = problem instanceof DecodeError ? problem : faultOf(problem);
    await this.durably('park raw', () => store.parked.parkRaw(raw, code, message));
    log.warn(`A message still cannot be understood: ${message}`, { code, messageId: raw.messageId });
  }

  private async work(message: QueueMessage, source: MessageSource): Promise<ActionReply> {
    const attributes = { 'messaging.destination.name': this.services.queueName };
    return spanned({ name: 'receive', kind: 'consumer', attributes }, async () => {
      const handed = await this.inTurn(message, source);
      return handed instanceof DecodeError ? this.keepRaw(message, handed) : handed.ended;
    });
  }

  private async inTurn(
    message: QueueMessage,
    source: MessageSource,
  ): Promise<{ readonly ended: Promise<ActionReply> } | DecodeError> {
    // When `feed` resolves, the event is in the lanes. Its end is awaited elsewhere, so that the next message can be decoded.
    const turn = this.decoding.then(() => this.feed(message, source));
    this.decoding = turn.catch(() => undefined);
    return turn.catch((error: unknown) => asUndecodable(error));
  }

  private async feed(message: QueueMessage, source: MessageSource): Promise<{ ended: Promise<ActionReply> }> {
    const decoded = await decodeMessage(message, source.decode);
    switch (decoded.kind) {
      case 'ignored':
        this.counts.ignored += 1;
        this.countMessage('ignored');
        this.services.log[decoded.isRoutine ? 'debug' : 'info'](`A message was ignored: ${decoded.reason}`, {
          messageId: message.messageId,
        });
        return { ended: Promise.resolve({ type: 0, message: `Ignored: ${decoded.reason}`, complete: true }) };
      case 'sync': {
        const progress = (text: string): void => this.answer(message, { type: 0, message: text, complete: false });
        return { ended: this.services.sync(decoded.request, progress) };
      }
      case 'event': {
        const event = decoded.uncertain ? await this.settleOperation(decoded.event, source) : decoded.event;
        trace.getActiveSpan()?.setAttributes(objectAttributes(event));
        const now = this.services.clock.now();
        const changedAtMs = changedAt(decoded.sentAtMs, now, this.services.sourceTime);
        const options = {
          changedAtMs,
          ...(decoded.modified ? ({ modified: true } as const) : {}),
          ...(message.redelivered ? ({ redelivered: true } as const) : {}),
        };
        this.services.watch?.tell(() => receivedOf(event, changedAtMs, now), event);
        this.countMessage('event');
        return { ended: submit(event, this.services.router.feedsFor(event), options).then(replyTo) };
      }
    }
  }

  /** The message does not say what happened: if the object still exists, it is an upsert. */
  private async settleOperation(event: FeedEvent, { events }: MessageSource): Promise<FeedEvent> {
    this.services.log.warn('A message has no operation_type; the object is read to see what happened.', facts(event));
    const now = await events.reread(event);
    return now ?? { ...event, operation: 'delete' };
  }

  private async keepRaw(message: QueueMessage, error: DecodeError): Promise<ActionReply> {
    const { store, queueName, log } = this.services;
    const raw = { messageId: message.messageId, queue: queueName, headers: message.headers, body: message.body };
    await this.durably('park raw', () => store.parked.parkRaw(raw, error.code, error.message));
    this.counts.undecodable += 1;
    this.countMessage('undecodable');
    log.warn(`A message cannot be understood and is parked as it came: ${error.message}`, {
      event: 'parked.raw',
      code: error.code,
      messageId: message.messageId,
    });
    return errorReply(error.message);
  }

  /** A bug: the message is parked, so that a person can try it again once the bug is fixed. */
  private async keepFault(message: QueueMessage, error: unknown): Promise<ActionReply> {
    const problem = faultOf(error);
    this.services.log.error(problem.message, { messageId: message.messageId, error });
    return this.keepRaw(message, problem);
  }

  /** For one message and all its tries. */
  private patientSource(): MessageSource {
    const { decode, source, clock, log, stopping: signal } = this.services;
    const patience = new Patience(ONE_MESSAGE, { clock, log, signal });
    const types = patientTypes(decode.catalog, patience);
    return { decode: { ...decode, catalog: types }, events: patientEvents(source, patience) };
  }

  private durably<T>(what: string, operation: () => Promise<T>): Promise<T> {
    return durably(this.services.durably, what, operation);
  }

  private countMessage(result: string): void {
    this.services.metrics.count(metricNames.messages, { queue: this.services.queueName, result });
  }

  /** The answer goes first: a lost ack only brings the message again, but a lost answer leaves the action pending. */
  private finish(copies: readonly QueueMessage[], reply: ActionReply): void {
    const newest = copies.at(-1);
    if (newest !== undefined) this.answer(newest, reply);
    for (const copy of copies) {
      try {
        copy.ack();
        this.counts.acknowledged += 1;
      } catch (error) {
        // It comes again with the next session, and the ledger knows it.
        this.services.log.warn(`A message could not be acknowledged: ${messageOf(error)}`, {
          messageId: copy.messageId,
        });
      }
    }
  }

  /** If the answer cannot be sent, the action lacks its status, but the message is still acknowledged. */
  private answer(message: QueueMessage, reply: ActionReply): void {
    try {
      message.reply(reply);
    } catch (error) {
      this.services.log.warn(`A message could not be answered: ${messageOf(error)}`, { messageId: message.messageId });
    }
  }
}

function faultOf(error: unknown): DecodeError {
  const code = classify(error).code;
  return new DecodeError(`The message could not be handled: ${messageOf(error)}`, { code, cause: error });
}
