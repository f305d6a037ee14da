import type { IMessage } from '@stomp/stompjs';
import type { SoarConnection } from '../connect/SoarConnection.js';
import { SoarApiError } from '../rest/SoarApiError.js';
import { brokerOf } from './brokerOf.js';
import { acksQueue, actionsQueue } from './destinations.js';
import { openMessage } from './openMessage.js';
import { probeBroker } from './probeBroker.js';
import type { QueueOptions, QueueState } from './QueueState.js';
import { reconnectDelayMs } from './reconnectDelayMs.js';
import { isFinal } from './stompFailure.js';
import { StompSession } from './StompSession.js';
import type { Send } from './StompSession.js';
import { surroundings } from '../surroundings.js';

const DEFAULT_PREFETCH = 20;

/** Most replies that wait for the next session; beyond that, the oldest are dropped. */
const MAX_WAITING_REPLIES = 1000;

/**
 * One message destination of an organization, read for ever: after a lost session, the next one subscribes again and
 * gets every unacknowledged message again. Delivery is at-least-once, in the order of the broker.
 */
export class SoarQueue {
  /** Resolves when subscribed for the first time. Rejects if the queue is refused, or stopped before that. */
  readonly ready: Promise<void>;
  private markReady: () => void = () => undefined;
  private markFailed: (error: SoarApiError) => void = () => undefined;
  private session: StompSession | undefined;
  private cancelReconnect = (): void => undefined;
  /** Attempts since the last established session. */
  private attempts = 0;
  private stopped = false;
  /** Handed over in the current session and not acknowledged yet. */
  private inFlight = new Set<string>();
  private readonly waitingReplies: Send[] = [];
  /** A message asked for its answer somewhere other than an ack queue of the organization; logged once. */
  private toldForeign = false;

  /** Connects in the background. `queueName` is the destination's programmatic name, such as `feed_data`. */
  static open(connection: SoarConnection, orgId: number, queueName: string, options: QueueOptions): SoarQueue {
    return new SoarQueue(connection, orgId, queueName, options);
  }

  /** Connects and logs in, reads nothing, and disconnects. Rejects with the problem. */
  static probe(connection: SoarConnection, options: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    return probeBroker(connection, options.signal);
  }

  private constructor(
    private connection: SoarConnection,
    private readonly orgId: number,
    private readonly queueName: string,
    private readonly options: QueueOptions,
  ) {
    this.ready = new Promise((resolve, reject) => {
      this.markReady = resolve;
      this.markFailed = reject;
    });
    this.ready.catch(() => undefined); // a caller that does not wait for it gets failures by onState
    queueMicrotask(() => this.connect());
  }

  /** The next session logs in with this connection's account; the standing one goes on. */
  useLogin({ apiKeyId, apiKeySecret, email, password }: SoarConnection): void {
    const { apiKeyId: _id, apiKeySecret: _secret, email: _email, password: _password, ...rest } = this.connection;
    const login = apiKeyId === undefined ? { email, password } : { apiKeyId, apiKeySecret };
    this.connection = { ...rest, ...(login as Partial<SoarConnection>) };
  }

  /**
   * Hands over no more messages. Those that were handed over can still be acknowledged; once all are, the queue is
   * unsubscribed (ActiveMQ would ignore an acknowledgement after that), and other consumers may continue.
   */
  stop(): void {
    if (this.stopped) return;
    this.stopped = true;
    this.cancelReconnect();
    this.markFailed(new SoarApiError(`The queue ${this.destination} was closed.`, { code: 'queue-closed' }));
    this.unsubscribeWhenIdle();
  }

  /** Disconnects; unacknowledged messages go back to the queue. Idempotent. */
  async close(): Promise<void> {
    this.stop();
    await this.session?.close();
  }

  private get destination(): string {
    return actionsQueue(this.orgId, this.queueName);
  }

  private connect(): void {
    if (this.stopped) return;
    this.tell({ state: 'connecting' });
    try {
      const prefetch = this.options.prefetch ?? this.connection.stomp?.prefetch ?? DEFAULT_PREFETCH;
      this.session = new StompSession(
        brokerOf(this.connection, this.options.dial),
        { destination: this.destination, prefetch },
        {
          onReady: () => this.subscribed(),
          onMessage: (frame) => this.take(frame),
          onComplaint: (error) =>
            this.options.log?.('warn', error.message, { queue: this.destination, code: error.code }),
          onEnd: (error) => this.sessionEnded(error),
        },
      );
    } catch (error) {
      if (!SoarApiError.is(error)) throw error;
      this.sessionEnded(error);
    }
  }

  private subscribed(): void {
    this.attempts = 0;
    if (this.stopped) return this.unsubscribeWhenIdle(); // stopped while connecting
    for (const reply of this.waitingReplies.splice(0)) this.send(reply);
    this.tell({ state: 'connected' });
    this.markReady();
  }

  private sessionEnded(error: SoarApiError): void {
    this.session = undefined;
    this.inFlight = new Set();
    if (this.stopped) return;
    if (isFinal(error)) {
      this.stopped = true;
      this.markFailed(error);
      this.tell({ state: 'failed', error });
      return;
    }
    const retryInMs = reconnectDelayMs(++this.attempts);
    this.cancelReconnect = surroundings().startTimer(retryInMs, () => this.connect());
    this.tell({ state: 'disconnected', error, retryInMs });
  }

  private take(frame: IMessage): void {
    if (this.stopped) return; // goes back to the queue with the session
    const { inFlight, orgId, queueName } = this;
    const message = openMessage(
      frame,
      { orgId, defaultReplyTo: acksQueue(orgId, queueName) },
      {
        acked: (ackId) => {
          if (inFlight.delete(ackId)) this.unsubscribeWhenIdle();
        },
        send: (reply) => this.send(reply),
        refused: (destination) => this.refuseReply(destination),
      },
    );
    inFlight.add(message.ackId);
    void this.handOver(message.message);
  }

  /** stompjs would swallow what the handler throws. */
  private async handOver(message: Parameters<QueueOptions['onMessage']>[0]): Promise<void> {
    try {
      await this.options.onMessage(message);
    } catch (error) {
      this.options.log?.('error', 'The handler of a queue message failed; the message stays unacknowledged.', {
        queue: this.destination,
        messageId: message.messageId,
        error,
      });
    }
  }

  private send(reply: Send): void {
    if (this.session?.send(reply)) return;
    this.waitingReplies.push(reply);
    if (this.waitingReplies.length > MAX_WAITING_REPLIES) this.waitingReplies.shift();
  }

  private refuseReply(replyTo: string): void {
    if (this.toldForeign) return;
    this.toldForeign = true;
    const problem = `A message asks for its answer at ${JSON.stringify(replyTo.slice(0, 200))}, which is not an ack queue of the organization`;
    this.options.log?.('warn', `${problem}: such messages are handled and not answered.`, { queue: this.destination });
  }

  private unsubscribeWhenIdle(): void {
    if (this.stopped && this.inFlight.size === 0) this.session?.unsubscribe();
  }

  private tell(state: QueueState): void {
    this.options.onState?.(state);
  }
}
