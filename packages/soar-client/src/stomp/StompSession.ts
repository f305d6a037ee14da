import { Client } from '@stomp/stompjs';
import type { IFrame, IMessage } from '@stomp/stompjs';
import type { SoarApiError } from '../rest/SoarApiError.js';
import type { Broker } from './brokerOf.js';
import { closedFailure, errorFrameFailure, silenceFailure, socketFailure, tooLateFailure } from './stompFailure.js';
import { StompSocket } from './StompSocket.js';
import { after } from '../timers/after.js';
import { surroundings } from '../surroundings.js';

export interface Subscription {
  readonly destination: string;
  readonly prefetch: number;
}

export interface SessionEvents {
  /** Logged in and, if requested, subscribed: the broker confirmed it. */
  onReady(): void;
  onMessage(frame: IMessage): void;
  /** An ERROR of the broker during the session, which continues: for example, it refused a reply. */
  onComplaint(error: SoarApiError): void;
  /** Once, the last event. */
  onEnd(error: SoarApiError): void;
}

export interface Send {
  readonly destination: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

const SUBSCRIBED = 'subscribed';

/** DISCONNECT waits this long for the broker's receipt, which confirms all earlier acknowledgements. ms. */
const CLOSE_TIMEOUT_MS = 3_000;

/** One STOMP session, from the TLS handshake to its end. It never reconnects: its queue opens the next one. */
export class StompSession {
  private readonly client: Client;
  private readonly cancelTimer: () => void;
  private failure: SoarApiError | undefined;
  private isReady = false;
  private unsubscribed = false;

  constructor(
    private readonly broker: Broker,
    private readonly subscription: Subscription | undefined,
    private readonly events: SessionEvents,
  ) {
    this.client = new Client({
      webSocketFactory: () => new StompSocket(broker),
      connectHeaders: { login: broker.login, passcode: broker.passcode, host: broker.host },
      heartbeatOutgoing: 0,
      heartbeatIncoming: broker.heartbeatMs,
      heartbeatToleranceMultiplier: 2,
      reconnectDelay: 0,
      // Without it a hung broker keeps the client "connected" until it wakes.
      discardWebsocketOnCommFailure: true,
      onConnect: () => this.connected(),
      onStompError: (frame) => this.refused(errorFrameFailure(broker, wordsOf(frame), subscription?.destination)),
      onHeartbeatLost: () => (this.failure ??= silenceFailure(broker)),
      onWebSocketError: (error: unknown) => (this.failure ??= socketFailure(broker, error)),
      onWebSocketClose: () => {
        this.cancelTimer();
        events.onEnd(this.failure ?? closedFailure(broker));
      },
    });
    this.cancelTimer = after(broker.connectTimeoutMs, () => this.fail(tooLateFailure(broker)));
    this.client.activate();
  }

  /**
   * Without a content-length: ActiveMQ takes a frame with one for a BytesMessage, which the platform does not read
   * (unconfirmed; IBM's client sends text). Persistent, which STOMP does not mean by itself: the acknowledgement that
   * follows outlives the broker's crash, and so must the reply.
   */
  send({ destination, headers, body }: Send): boolean {
    if (!this.client.connected) return false;
    const kept = { ...headers, persistent: 'true' };
    this.client.publish({ destination, headers: kept, body, skipContentLengthHeader: true });
    return true;
  }

  unsubscribe(): void {
    if (this.client.connected && this.subscription !== undefined)
      this.client.unsubscribe(this.subscription.destination);
  }

  /** Disconnects and waits for the receipt; drops the connection if the broker does not answer. */
  async close(): Promise<void> {
    this.cancelTimer();
    const cancel = surroundings().startTimer(CLOSE_TIMEOUT_MS, () => void this.client.deactivate({ force: true }));
    await this.client.deactivate({ force: !this.client.connected });
    cancel();
  }

  private connected(): void {
    if (this.subscription === undefined) return this.ready();
    const { destination, prefetch } = this.subscription;
    this.client.watchForReceipt(SUBSCRIBED, () => this.ready());
    this.client.subscribe(destination, (frame) => this.events.onMessage(frame), {
      id: destination,
      ack: 'client-individual',
      'activemq.prefetchSize': String(prefetch),
      receipt: SUBSCRIBED,
    });
  }

  private ready(): void {
    this.cancelTimer();
    this.isReady = true;
    this.events.onReady();
  }

  /** ActiveMQ answers an invalid frame with an ERROR and continues; only a refusal of the session itself ends it. */
  private refused(error: SoarApiError): void {
    if (this.isReady) this.events.onComplaint(error);
    else this.fail(error);
  }

  private fail(error: SoarApiError): void {
    this.failure ??= error;
    this.client.forceDisconnect();
  }
}

function wordsOf(frame: IFrame): string {
  return `${frame.headers['message'] ?? ''}\n${frame.body}`;
}
