import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { AckedMessage, Broker, BrokerAuth, BrokerReply, QueueMessage, SavedMessage } from './Broker.js';
import { encodeBody, type BodyEncoding } from './encodeBody.js';
import { Queue, type QueuedMessage } from './Queue.js';
import { Session } from './Session.js';

export interface BrokerOptions {
  readonly host: string;
  /** 0: any free port; `undefined`: it listens nowhere and takes only what `accept` brings. */
  readonly port: number | undefined;
  /** PEM texts; without them, plain TCP. */
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly auth: BrokerAuth;
  /** Broker clock, ms since the epoch. */
  readonly now?: () => number;
  /** Mark redelivered messages with `redelivered:true` (default), as ActiveMQ does as long as it is not restarted. */
  readonly redeliveredHeader?: boolean;
  /** How bodies are encoded, default UTF-8. */
  readonly bodyEncoding?: BodyEncoding;
}

/**
 * A STOMP 1.0-1.2 broker that behaves towards an integration as the ActiveMQ inside IBM SOAR does: queues, individual
 * acknowledgements, prefetch, redelivery of unacknowledged messages; a refused message goes to `ActiveMQ.DLQ`.
 *
 * @throws the listen error if the port is in use
 */
export async function startBroker(options: BrokerOptions): Promise<OwnBroker> {
  const broker = new OwnBroker(options);
  if (options.port !== undefined) await broker.listen(options.port);
  return broker;
}

export class OwnBroker implements Broker {
  readonly acked: AckedMessage[] = [];
  readonly replies: BrokerReply[] = [];
  port = 0;
  private readonly queues = new Map<string, Queue>();
  private readonly replyHandlers: ((reply: BrokerReply) => void)[] = [];
  private readonly sockets = new Set<Duplex>();
  private readonly sessions = new Set<Session>();
  private readonly startedMs = Date.now();
  private server: Server | undefined;
  private away = false;
  private stopped = false;
  private connectionCount = 0;
  private messageCount = 0;
  private duplicates = 0;

  constructor(private readonly options: BrokerOptions) {}

  async listen(port: number): Promise<void> {
    const accept = (socket: Socket) => this.accept(socket.setNoDelay(true));
    const { tls, host } = this.options;
    const server = tls ? createTlsServer({ ...tls, minVersion: 'TLSv1.2' }, accept) : createTcpServer(accept);
    // Raw sockets too: one in its TLS handshake has no session yet, but keeps the server from closing.
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port }, () => {
        server.off('error', reject);
        resolve();
      });
    });
    this.server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  publish(message: QueueMessage): Promise<void> {
    const body = encodeBody(message.body, this.options.bodyEncoding);
    this.enqueue(message.destination, { persistent: 'true', ...message.headers }, body);
    return Promise.resolve();
  }

  onReply(handler: (reply: BrokerReply) => void): void {
    this.replyHandlers.push(handler);
  }

  depth(queue: string): number {
    return this.queues.get(queue)?.depth ?? 0;
  }

  unacked(queue: string): number {
    return this.queues.get(queue)?.unacked ?? 0;
  }

  consumers(queue: string): number {
    return this.queues.get(queue)?.consumerCount ?? 0;
  }

  dropConnections(): void {
    for (const session of [...this.sessions]) session.drop();
    for (const socket of this.sockets) socket.destroy();
  }

  async restart(downMs = 0): Promise<void> {
    this.away = true;
    await this.close();
    for (const queue of this.queues.values()) queue.afterRestart();
    await delay(downMs);
    this.away = false;
    if (!this.stopped && this.options.port !== undefined) await this.listen(this.port);
  }

  duplicateNext(count: number): void {
    this.duplicates = count;
  }

  savedMessages(): readonly SavedMessage[] {
    return Array.from(this.queues.values()).flatMap((queue) =>
      queue
        .all()
        .filter(({ persistent, duplicate }) => persistent && !duplicate)
        .map(({ messageId, headers, body }) => ({
          queue: queue.name,
          messageId,
          headers,
          base64: body.toString('base64'),
        })),
    );
  }

  loadMessages(messages: readonly SavedMessage[]): void {
    for (const { queue, messageId, headers, base64 } of messages)
      this.add(queue, headers, Buffer.from(base64, 'base64'), messageId);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.close();
  }

  private async close(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    const closed = server && new Promise((resolve) => server.close(resolve));
    this.dropConnections();
    await closed;
  }

  /** Serves STOMP on a connection that somebody else made; cuts it at once while the broker restarts. */
  accept(socket: Duplex): void {
    if (this.away || this.stopped) return void socket.destroy();
    this.connectionCount += 1;
    const session = new Session(socket, `${this.idPrefix}-${this.connectionCount + 3}`, {
      auth: this.options.auth,
      redeliveredHeader: this.options.redeliveredHeader ?? true,
      queue: (name) => this.queue(name),
      onAcked: (queue, messageId) => void this.acked.push({ queue, messageId }),
      onReply: (reply) => this.takeReply(reply),
      onSent: (queue, headers, body) => this.enqueue(queue, headers, body),
      onRefused: (queue, messages) => this.bury(queue, messages),
      onEnd: (ended) => void this.sessions.delete(ended),
    });
    this.sessions.add(session);
  }

  private takeReply(reply: BrokerReply): void {
    this.replies.push(reply);
    for (const handler of this.replyHandlers) handler(reply);
  }

  /**
   * As in ActiveMQ, a NACK is a poison acknowledgement, so the message is never redelivered; persistent ones are kept.
   */
  private bury(queue: string, messages: readonly QueuedMessage[]): void {
    const dlqDeliveryFailureCause = `Poison ACK received for queue://${queue}`;
    for (const { headers, body, persistent } of messages) {
      if (persistent) this.enqueue('ActiveMQ.DLQ', { ...headers, dlqDeliveryFailureCause }, body);
    }
  }

  private enqueue(name: string, headers: Record<string, string>, body: Buffer): void {
    const nowMs = this.options.now?.() ?? Date.now();
    this.add(name, { expires: '0', priority: '4', timestamp: String(nowMs), ...headers }, body);
  }

  private add(name: string, headers: Readonly<Record<string, string>>, body: Buffer, messageId?: string): void {
    this.messageCount += 1;
    this.queue(name).add({
      messageId: messageId ?? `${this.idPrefix}-3:1:1:1:${this.messageCount}`,
      sequence: this.messageCount,
      headers,
      body,
      persistent: headers['persistent'] === 'true',
      redeliveries: 0,
    });
  }

  private queue(name: string): Queue {
    let queue = this.queues.get(name);
    if (!queue) {
      queue = new Queue(name, () => this.duplicates > 0 && (this.duplicates -= 1) >= 0);
      this.queues.set(name, queue);
    }
    return queue;
  }

  /** The form of ActiveMQ's ids: `ID:<host>-<port>-<start, ms>`. Unique across the brokers of one machine. */
  private get idPrefix(): string {
    return `ID:soar-simulator-${this.port}-${this.startedMs}`;
  }
}
