import type { AckedMessage, Broker, BrokerReply, QueueMessage, SavedMessage } from './Broker.js';
import { readBrokerUrl, type BrokerAddress } from './readBrokerUrl.js';
import { encodeBody, type BodyEncoding } from './encodeBody.js';
import type { Frame } from './Frame.js';
import { StompClient } from './StompClient.js';

export interface ActiveMqOptions {
  /** `stomp://host:port` or `stomp+ssl://host:port`. */
  readonly url: string;
  readonly login: string;
  readonly passcode: string;
  /** CA certificate (PEM) that signed the broker's, if Node does not know it already. */
  readonly caFile?: string;
  readonly bodyEncoding?: BodyEncoding;
}

/**
 * The same port over a real ActiveMQ. Unconfirmed messages are kept and sent again, in order, after every reconnect:
 * at-least-once. ActiveMQ itself decides who may log in and consume.
 *
 * @throws Error if the broker cannot be reached or refuses the login at the start; later it reconnects for ever
 */
export async function connectActiveMq(options: ActiveMqOptions): Promise<Broker & { readonly port: number }> {
  const broker = new ActiveMqBroker(options);
  await broker.open();
  return broker;
}

class ActiveMqBroker implements Broker {
  readonly acked: AckedMessage[] = [];
  readonly replies: BrokerReply[] = [];
  private readonly address: BrokerAddress;
  private readonly handlers: ((reply: BrokerReply) => void)[] = [];
  /** By receipt id, in the order of publishing. */
  private readonly unconfirmed = new Map<string, Outgoing>();
  private readonly replyQueues = new Set<string>();
  private client: StompClient | undefined;
  private reconnect: NodeJS.Timeout | undefined;
  private failures = 0;
  private sent = 0;
  private duplicates = 0;
  private stopped = false;

  constructor(private readonly options: ActiveMqOptions) {
    this.address = readBrokerUrl(options.url);
  }

  get port(): number {
    return this.address.port;
  }

  async open(): Promise<void> {
    const { login, passcode, caFile } = this.options;
    const client = await StompClient.connect({
      ...this.address,
      login,
      passcode,
      ...(caFile === undefined ? {} : { caFile }),
      onFrame: (frame) => this.receive(frame),
      onClose: () => this.lost(),
    });
    if (this.stopped) return client.destroy();
    this.client = client;
    this.failures = 0;
    for (const queue of this.replyQueues) this.subscribe(queue);
    for (const [receipt, message] of this.unconfirmed) this.send(receipt, message);
  }

  async publish(message: QueueMessage): Promise<void> {
    if (this.stopped) throw new Error(`The connection to ${this.options.url} was stopped; nothing can be published`);
    const replyTo = message.headers['reply-to'];
    if (replyTo !== undefined && !this.replyQueues.has(replyTo)) {
      this.replyQueues.add(replyTo);
      this.subscribe(replyTo);
    }
    const confirmed = [this.post(message)];
    if (this.duplicates > 0) {
      this.duplicates -= 1;
      confirmed.push(this.post(message));
    }
    await Promise.all(confirmed);
  }

  onReply(handler: (reply: BrokerReply) => void): void {
    this.handlers.push(handler);
  }

  depth(): number {
    return Number.NaN;
  }

  unacked(): number {
    return Number.NaN;
  }

  consumers(): number {
    return Number.NaN;
  }

  /** Only the simulator's own connection can be cut. */
  dropConnections(): void {
    this.client?.destroy();
  }

  /** @throws Error always: restart the service itself; the simulator reconnects */
  restart(): Promise<void> {
    return Promise.reject(new Error(`The simulator cannot restart ${this.options.url}; restart the ActiveMQ service`));
  }

  duplicateNext(count: number): void {
    this.duplicates = count;
  }

  savedMessages(): readonly SavedMessage[] {
    return [];
  }

  loadMessages(): void {
    // ActiveMQ has kept them itself.
  }

  stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.reconnect);
    this.client?.destroy();
    const error = new Error(`The connection to ${this.options.url} was stopped before the message was confirmed`);
    for (const { reject } of this.unconfirmed.values()) reject(error);
    this.unconfirmed.clear();
    return Promise.resolve();
  }

  private post(message: QueueMessage): Promise<void> {
    return new Promise((resolve, reject) => {
      this.sent += 1;
      const receipt = `send-${this.sent}`;
      const outgoing = { message, resolve, reject };
      this.unconfirmed.set(receipt, outgoing);
      this.send(receipt, outgoing);
    });
  }

  private send(receipt: string, { message }: Outgoing): void {
    const body = encodeBody(message.body, this.options.bodyEncoding);
    const headers: Record<string, string> = {
      persistent: 'true',
      ...message.headers,
      destination: `/queue/${message.destination}`,
      receipt,
    };
    // A content-length makes it a BytesMessage, which only a body with a NUL needs.
    if (body.includes(0)) headers['content-length'] = String(body.length);
    this.client?.send('SEND', headers, body);
  }

  private subscribe(queue: string): void {
    this.client?.send('SUBSCRIBE', { id: queue, destination: queue, ack: 'client-individual' });
  }

  private receive(frame: Frame): void {
    if (frame.command === 'RECEIPT') return this.settle(frame.headers['receipt-id'], undefined);
    if (frame.command === 'ERROR') {
      const reason = frame.headers['message'] ?? 'no reason given';
      return this.settle(frame.headers['receipt-id'], new Error(`${this.options.url} refused a message: ${reason}`));
    }
    if (frame.command === 'MESSAGE') this.takeReply(frame);
  }

  private settle(receipt: string | undefined, error: Error | undefined): void {
    const outgoing = receipt === undefined ? undefined : this.unconfirmed.get(receipt);
    if (!outgoing || receipt === undefined) return;
    this.unconfirmed.delete(receipt);
    if (error) outgoing.reject(error);
    else outgoing.resolve();
  }

  private takeReply(frame: Frame): void {
    const { destination = '', ack, subscription: _subscription, ...headers } = frame.headers;
    const reply = { destination: destination.replace(/^\/queue\//, ''), headers, body: frame.body.toString('utf8') };
    this.replies.push(reply);
    for (const handler of this.handlers) handler(reply);
    if (ack !== undefined) this.client?.send('ACK', { id: ack });
  }

  private lost(): void {
    this.client = undefined;
    if (this.stopped) return;
    const waitMs = Math.min(5_000, 200 * 2 ** this.failures);
    this.failures += 1;
    this.reconnect = setTimeout(() => {
      this.open().catch(() => this.lost());
    }, waitMs);
  }
}

interface Outgoing {
  readonly message: QueueMessage;
  resolve(): void;
  reject(error: Error): void;
}
