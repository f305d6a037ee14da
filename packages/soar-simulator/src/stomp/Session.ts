import type { Duplex } from 'node:stream';
import type { BrokerAuth, BrokerReply } from './Broker.js';
import { StompProtocolError, type Frame, type StompVersion } from './Frame.js';
import { FrameParser } from './FrameParser.js';
import { HeartBeats } from './HeartBeats.js';
import type { Queue, QueuedMessage } from './Queue.js';
import { Subscription, type AckMode } from './Subscription.js';
import { heartBeat, writeFrame } from './writeFrame.js';

/** What a session needs of its broker. */
export interface SessionPorts {
  readonly auth: BrokerAuth;
  readonly redeliveredHeader: boolean;
  queue(name: string): Queue;
  onAcked(queue: string, messageId: string): void;
  onReply(reply: BrokerReply): void;
  onSent(queue: string, headers: Record<string, string>, body: Buffer): void;
  onRefused(queue: string, messages: readonly QueuedMessage[]): void;
  onEnd(session: Session): void;
}

/**
 * One client connection: waiting for CONNECT → connected → ended. A refused CONNECT or broken framing ends it; any
 * other failed command is answered with an ERROR frame and the connection continues, as with ActiveMQ.
 */
export class Session {
  private readonly parser = new FrameParser();
  private readonly heartBeats = new HeartBeats();
  private readonly subscriptions = new Map<string, Subscription>();
  private version: StompVersion = '1.2';
  private principal: { readonly id: number; readonly login: string } | undefined;
  private ended = false;
  private ackCount = 0;

  constructor(
    private readonly socket: Duplex,
    private readonly connectionId: string,
    private readonly ports: SessionPorts,
  ) {
    socket.on('data', (chunk: Buffer) => this.receive(chunk));
    socket.on('error', () => this.drop()); // a client that disconnects at any moment is not an error here
    socket.on('close', () => this.end());
  }

  /** Cuts the connection now; its unacknowledged messages are back in their queues when this returns. */
  drop(): void {
    this.end();
    this.socket.destroy();
  }

  private receive(chunk: Buffer): void {
    if (this.ended) return;
    this.heartBeats.heard();
    try {
      for (const frame of this.parser.push(chunk)) {
        if (this.ended) return;
        this.handle(frame);
      }
    } catch (error) {
      this.fail(messageOf(error), undefined);
    }
  }

  private handle(frame: Frame): void {
    try {
      if (!this.principal) return this.connect(frame);
      this.dispatch(frame);
      const receipt = frame.headers['receipt'];
      if (receipt !== undefined) this.send('RECEIPT', { 'receipt-id': receipt });
      if (frame.command === 'DISCONNECT') this.close();
    } catch (error) {
      if (error instanceof StompProtocolError) return this.fail(error.message, frame);
      this.sendError(messageOf(error), frame);
    }
  }

  private connect(frame: Frame): void {
    if (frame.command !== 'CONNECT' && frame.command !== 'STOMP') throw new StompProtocolError('Not connected.');
    const { login = '', passcode = '', 'accept-version': accepted = '1.0' } = frame.headers;
    this.version = agreeOnVersion(accepted);
    this.parser.version = this.version;
    const principal = this.authenticate(login, passcode, frame);
    if (!principal) return;
    this.principal = { id: principal.principalId, login };
    const beats = this.heartBeats.start(
      frame.headers['heart-beat'],
      () => this.socket.write(heartBeat),
      () => this.drop(),
    );
    this.send('CONNECTED', {
      server: 'ActiveMQ/5.15.14',
      'heart-beat': beats,
      session: this.connectionId,
      version: this.version,
    });
  }

  /**
   * Any error that the org model throws here ("unable to connect to authentication service") reaches the client as an
   * ERROR.
   */
  private authenticate(login: string, passcode: string, frame: Frame): { principalId: number } | undefined {
    let reason = `User name [${login}] or password is invalid.`;
    try {
      const principal = this.ports.auth.authenticate(login, passcode);
      if (principal) return principal;
    } catch (error) {
      reason = messageOf(error);
    }
    this.fail(reason, frame);
    return undefined;
  }

  private dispatch(frame: Frame): void {
    switch (frame.command) {
      case 'SUBSCRIBE':
        return this.subscribe(frame);
      case 'UNSUBSCRIBE':
        return this.unsubscribe(frame);
      case 'ACK':
      case 'NACK':
        return this.settle(frame);
      case 'SEND':
        return this.receiveMessage(frame);
      case 'DISCONNECT':
        return;
      case 'BEGIN':
      case 'COMMIT':
      case 'ABORT':
        throw new Error(`${frame.command}: this broker has no transactions; send the frames without one`);
      default:
        throw new StompProtocolError(`Unknown STOMP action: ${frame.command.slice(0, 40)}`);
    }
  }

  private subscribe(frame: Frame): void {
    const name = queueName(header(frame, 'destination'));
    this.checkPermission(name, `create queue: queue://${name}`);
    const id = frame.headers['id'] ?? (this.version === '1.0' ? `/queue/${name}` : undefined);
    if (id === undefined) throw new Error('SUBSCRIBE received without a subscription id!');
    if (this.subscriptions.has(id)) {
      throw new Error(`Already subscribed: there already is a subscription for: ${id}. Use unique subscription IDs`);
    }
    const queue = this.ports.queue(name);
    const subscription = new Subscription(id, queue, ackMode(frame.headers['ack']), prefetchSize(frame), {
      nextAckId: () => `${this.connectionId}:${(this.ackCount += 1)}`,
      send: (message, ackId) => this.deliver(queue.name, id, message, ackId),
      onAcked: this.ports.onAcked,
    });
    this.subscriptions.set(id, subscription);
    queue.attach(subscription);
  }

  private unsubscribe(frame: Frame): void {
    const { id = frame.headers['destination'] ?? '' } = frame.headers;
    const subscription = this.subscriptions.get(id);
    if (!subscription) throw new Error(`No subscription matched. [${id}]`);
    this.subscriptions.delete(id);
    subscription.release();
  }

  private settle(frame: Frame): void {
    const named = frame.headers[this.version === '1.2' ? 'id' : 'message-id'];
    if (named === undefined) {
      const what = this.version === '1.2' ? 'an ack id' : 'a message-id';
      throw new Error(`${frame.command} received without ${what} to acknowledge!`);
    }
    for (const subscription of this.subscriptions.values()) {
      const ackId = this.version === '1.2' ? named : subscription.ackIdOf(named);
      if (ackId === undefined) continue;
      if (frame.command === 'ACK' ? subscription.ack(ackId) : this.refuse(subscription, ackId)) return;
    }
    throw new Error(`Unexpected ${frame.command} received for message-id [${named}]`);
  }

  private refuse(subscription: Subscription, ackId: string): boolean {
    const refused = subscription.refuse(ackId);
    this.ports.onRefused(subscription.queue.name, refused);
    return refused.length > 0;
  }

  /**
   * The platform itself receives what is sent to `acks.<org>.<name>`; only a principal that may consume the queue may
   * reply.
   */
  private receiveMessage(frame: Frame): void {
    const name = queueName(header(frame, 'destination'));
    this.checkPermission(name.replace(/^acks\./, 'actions.'), `write to: queue://${name}`);
    const { destination: _destination, receipt: _receipt, ...headers } = frame.headers;
    if (name.startsWith('acks.')) {
      this.ports.onReply({ destination: name, headers, body: frame.body.toString('utf8') });
    } else {
      this.ports.onSent(name, headers, frame.body);
    }
  }

  private checkPermission(queue: string, action: string): void {
    const { id, login } = this.principal ?? { id: -1, login: '' };
    if (!this.ports.auth.mayConsume(id, queue)) throw new Error(`User ${login} is not authorized to ${action}`);
  }

  private deliver(queue: string, subscription: string, message: QueuedMessage, ackId: string | undefined): void {
    const headers: Record<string, string> = {
      ...message.headers,
      destination: `/queue/${queue}`,
      subscription,
      'message-id': message.messageId,
    };
    if (ackId !== undefined && this.version === '1.2') headers['ack'] = ackId;
    if (message.redeliveries > 0 && this.ports.redeliveredHeader) headers['redelivered'] = 'true';
    this.send('MESSAGE', headers, message.body);
  }

  private send(command: string, headers: Record<string, string>, body?: Buffer): void {
    if (!this.socket.destroyed) this.socket.write(writeFrame(command, headers, body, this.version));
  }

  private sendError(message: string, frame: Frame | undefined): void {
    const receipt = frame?.headers['receipt'];
    const headers = {
      'content-type': 'text/plain',
      message,
      ...(receipt === undefined ? {} : { 'receipt-id': receipt }),
    };
    this.send('ERROR', headers, Buffer.from(message));
  }

  private fail(message: string, frame: Frame | undefined): void {
    this.sendError(message, frame);
    this.close();
  }

  private close(): void {
    this.end();
    this.socket.end();
  }

  private end(): void {
    if (this.ended) return;
    this.ended = true;
    this.heartBeats.stop();
    for (const subscription of this.subscriptions.values()) subscription.release();
    this.subscriptions.clear();
    this.ports.onEnd(this);
  }
}

function agreeOnVersion(accepted: string): StompVersion {
  const offered = accepted.split(',').map((version) => version.trim());
  const agreed = (['1.2', '1.1', '1.0'] as const).find((version) => offered.includes(version));
  if (!agreed)
    throw new StompProtocolError(`Invalid Protocol version[${accepted}], supported versions are: [1.2, 1.1, 1.0]`);
  return agreed;
}

function header(frame: Frame, name: string): string {
  const value = frame.headers[name];
  if (value === undefined) throw new Error(`${frame.command} received without a ${name} header`);
  return value;
}

function queueName(destination: string): string {
  return destination.replace(/^\/queue\//, '');
}

function ackMode(text: string | undefined): AckMode {
  return text === 'client' || text === 'client-individual' ? text : 'auto';
}

/** ActiveMQ's default for a STOMP subscription is 1000; 0 would mean a pull consumer, which STOMP does not have. */
function prefetchSize(frame: Frame): number {
  const size = Number(frame.headers['activemq.prefetchSize'] ?? 1000);
  if (!Number.isInteger(size) || size < 0) throw new Error('activemq.prefetchSize must be a whole number from 1 up');
  return Math.max(1, size);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
