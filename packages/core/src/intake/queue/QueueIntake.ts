import type { ActionReply, QueueMessage } from '@soar-feed/soar-client';
import { DecodeError, StoppingError } from '../../contract/errors.js';
import type { Clock } from '../../contract/Clock.js';
import type { FeedEvent } from '../../contract/FeedEvent.js';
import type { FeedStore, RawMessage } from '../../contract/FeedStore.js';
import type { Logger } from '../../contract/Logger.js';
import type { Metrics } from '../../contract/Metrics.js';
import { backoffMs } from '../../delivery/backoff.js';
import { classify } from '../../delivery/classify.js';
import { facts } from '../../delivery/Ending.js';
import type { EventSource } from '../../delivery/EventSource.js';
import { durably } from '../../parking/durably.js';
import type { DurablyContext } from '../../parking/durably.js';
import type { FeedRouter } from '../../routing/FeedRouter.js';
import { metricNames } from '../../telemetry/metrics.js';
import { submit } from '../submit.js';
import type { SyncRequest } from '../reload/SyncRequest.js';
import { AckLedger } from './AckLedger.js';
import type { DecodeContext } from './decodeMessage.js';
import { decodeMessage } from './decodeMessage.js';
import { errorReply, replyTo } from './replyTo.js';

/** Tries of a question to the source that one message depends on; until then the messages behind it wait. */
const READ_TRIES = 5;

/** Raw messages taken from the store at once. */
const RAW_AT_ONCE = 20;

export interface QueueIntakeServices {
  readonly queueName: string;
  readonly router: FeedRouter;
  readonly decode: DecodeContext;
  readonly source: EventSource;
  readonly store: FeedStore;
  readonly durably: DurablyContext;
  /** Aborted when the host stops: what has not reached a feed then comes again. */
  readonly stopping: AbortSignal;
  /** Runs the "Sync Incidents" function; resolves with what the platform is to be told. */
  readonly sync: (request: SyncRequest, progress: (message: string) => void) => Promise<ActionReply>;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

export interface QueueCounts {
  received: number;
  acknowledged: number;
  ignored: number;
  undecodable: number;
}

/**
 * One message in, one answer out: decode, hand to the feeds, wait for the end in each, reply, acknowledge. Prefetch at
 * the broker is the back-pressure; a message without an ack comes again.
 */
export class QueueIntake {
  readonly counts: QueueCounts = { received: 0, acknowledged: 0, ignored: 0, undecodable: 0 };
  private readonly ledger: AckLedger;
  /**
   * Every copy of each message under way, the newest last: a redelivered one has an ack id of its own. All are
   * acknowledged, since a copy may come in the same session; the acks of a lost session do nothing.
   */
  private readonly underWay = new Map<string, QueueMessage[]>();
  /** Decoding may wait for the source; feeding must not change the order in which messages came. */
  private decoding: Promise<unknown> = Promise.resolve();

  constructor(private readonly services: QueueIntakeServices) {
    this.ledger = new AckLedger(services.clock);
  }

  get inFlight(): number {
    return this.underWay.size;
  }

  /** Takes one message; never rejects. */
  async take(message: QueueMessage): Promise<void> {
    this.counts.received += 1;
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
      const reply = await this.work(message);
      this.ledger.remember(message.messageId, reply);
      this.finish(copies, reply);
    } catch (error) {
      const say = error instanceof StoppingError ? 'debug' : 'error';
      this.services.log[say](`A message was not acknowledged and will come again: ${String(error)}`, {
        messageId: message.messageId,
      });
    } finally {
      this.underWay.delete(message.messageId);
    }
  }

  /** Decodes again what a person wants to be: the rest of its way is that of any message. Never rejects. */
  async retryRaw(): Promise<void> {
    const { store, log, stopping } = this.services;
    try {
      for (;;) {
        const rows = await this.durably('take raw', () => store.parked.takeRaw(RAW_AT_ONCE));
        if (rows.length === 0 || stopping.aborted) return;
        for (const { message } of rows) await this.retryOne(message);
      }
    } catch (error) {
      const say = error instanceof StoppingError ? 'debug' : 'error';
      log[say](`Raw messages could not be tried again: ${textOf(error)}`);
    }
  }

  /** It was answered and acknowledged when it was parked, so only its row ends here; or stays, with the new problem. */
  private async retryOne(raw: RawMessage): Promise<void> {
    const { store, log } = this.services;
    const { messageId } = raw;
    const nothing = (): void => undefined;
    const copy: QueueMessage = { ...raw, redelivered: true, ack: nothing, reply: nothing };
    const handed = await this.inTurn(copy);
    if (handed instanceof DecodeError) {
      await this.durably('park raw', () => store.parked.parkRaw(raw, handed.code, handed.message));
      log.warn(`A message still cannot be understood: ${handed.message}`, { code: handed.code, messageId });
      return;
    }
    await handed.ended;
    await this.durably('remove raw', () => store.parked.removeRaw(messageId));
    log.info('A message that stood parked was understood.', { messageId });
  }

  private async work(message: QueueMessage): Promise<ActionReply> {
    const handed = await this.inTurn(message);
    return handed instanceof DecodeError ? this.keepRaw(message, handed) : handed.ended;
  }

  private async inTurn(message: QueueMessage): Promise<{ readonly ended: Promise<ActionReply> } | DecodeError> {
    // `feed` has handed the event to the lanes when it resolves; what it returns is awaited outside the order.
    const turn = this.decoding.then(() => this.feed(message));
    this.decoding = turn.catch(() => undefined);
    return turn.catch((error: unknown) => this.asUndecodable(error));
  }

  private async feed(message: QueueMessage): Promise<{ ended: Promise<ActionReply> }> {
    const decoded = await this.asking(() => decodeMessage(message, this.services.decode));
    switch (decoded.kind) {
      case 'ignored':
        this.counts.ignored += 1;
        this.countMessage('ignored');
        this.services.log.info(`A message was ignored: ${decoded.reason}`, { messageId: message.messageId });
        return { ended: Promise.resolve({ type: 0, message: `Ignored: ${decoded.reason}`, complete: true }) };
      case 'sync': {
        const progress = (text: string): void => message.reply({ type: 0, message: text, complete: false });
        return { ended: this.services.sync(decoded.request, progress) };
      }
      case 'event': {
        const event = decoded.uncertain ? await this.settleOperation(decoded.event) : decoded.event;
        const options = decoded.modified ? ({ modified: true } as const) : {};
        this.countMessage('event');
        return { ended: submit(event, this.services.router.feedsFor(event), options).then(replyTo) };
      }
    }
  }

  /** A message that does not say what happened: whether the object still stands decides. */
  private async settleOperation(event: FeedEvent): Promise<FeedEvent> {
    this.services.log.warn('A message has no operation_type; the object is read to see what happened.', facts(event));
    return (await this.asking(() => this.services.source.reread(event))) ?? { ...event, operation: 'delete' };
  }

  /** Tries again while the source is in trouble, for a while: no message may hold up the others for ever. */
  private async asking<T>(question: () => Promise<T>): Promise<T> {
    const { clock, log, stopping } = this.services;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await question();
      } catch (error) {
        if (stopping.aborted) throw new StoppingError();
        const verdict = classify(error);
        if ((verdict.move !== 'retry' && verdict.move !== 'pause') || attempt >= READ_TRIES) throw error;
        const pauseMs = backoffMs(attempt, verdict.retryAfterMs);
        log.warn(`The source could not be asked about a message, tried again in ${pauseMs} ms: ${textOf(error)}`, {
          code: verdict.code,
        });
        await clock.sleep(pauseMs, stopping).catch(() => {
          throw new StoppingError();
        });
      }
    }
  }

  /** A message that the source's trouble keeps from being understood is kept as one that cannot be. */
  private asUndecodable(error: unknown): DecodeError {
    if (error instanceof DecodeError) return error;
    if (error instanceof StoppingError) throw error;
    return new DecodeError(`What the message means cannot be found out: ${textOf(error)}`, {
      code: classify(error).code,
      cause: error,
    });
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

  private durably<T>(what: string, operation: () => Promise<T>): Promise<T> {
    return durably(this.services.durably, what, operation);
  }

  private countMessage(result: string): void {
    this.services.metrics.count(metricNames.messages, { queue: this.services.queueName, result });
  }

  /** The answer first: a lost ack only brings the message again, a lost answer leaves the action pending. */
  private finish(copies: readonly QueueMessage[], reply: ActionReply): void {
    copies.at(-1)?.reply(reply);
    for (const copy of copies) copy.ack();
    this.counts.acknowledged += copies.length;
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
