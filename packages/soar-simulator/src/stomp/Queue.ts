/** One message of a queue. */
export interface QueuedMessage {
  readonly messageId: string;
  /** Place in the queue; a returned message goes back to this place. */
  readonly sequence: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly persistent: boolean;
  redeliveries: number;
  /** The second copy of a message that is delivered twice on purpose. */
  readonly duplicate?: true;
}

export interface Consumer {
  /** False while its prefetch window is full. */
  hasRoom(): boolean;
  deliver(message: QueuedMessage): void;
}

/**
 * First in, first out, to the consumers in turn. A message leaves the queue only when it is acknowledged or refused.
 */
export class Queue {
  private waiting: QueuedMessage[] = [];
  private readonly consumers: Consumer[] = [];
  private readonly inFlight = new Set<QueuedMessage>();
  private turn = 0;
  private dispatching = false;

  /**
   * @param takeDuplicate true if the message that is about to be delivered for the first time is to be delivered twice
   */
  constructor(
    readonly name: string,
    private readonly takeDuplicate: () => boolean,
  ) {}

  get depth(): number {
    return this.waiting.length + this.inFlight.size;
  }

  get unacked(): number {
    return this.inFlight.size;
  }

  get consumerCount(): number {
    return this.consumers.length;
  }

  add(message: QueuedMessage): void {
    this.waiting.push(message);
    this.dispatch();
  }

  /** All messages that are not acknowledged yet, in order. */
  all(): readonly QueuedMessage[] {
    return [...this.inFlight, ...this.waiting].sort((a, b) => a.sequence - b.sequence);
  }

  attach(consumer: Consumer): void {
    this.consumers.push(consumer);
    this.dispatch();
  }

  detach(consumer: Consumer): void {
    const at = this.consumers.indexOf(consumer);
    if (at >= 0) this.consumers.splice(at, 1);
  }

  /** The consumer is done with the message (acknowledged or refused): removes it, which makes room for another. */
  settle(message: QueuedMessage): void {
    this.inFlight.delete(message);
    this.dispatch();
  }

  /** Returns messages to their old places, to be delivered again. */
  giveBack(messages: Iterable<QueuedMessage>): void {
    for (const message of messages) {
      if (!this.inFlight.delete(message)) continue;
      message.redeliveries += 1;
      this.waiting.push(message);
    }
    this.waiting.sort((a, b) => a.sequence - b.sequence);
    this.dispatch();
  }

  /** Keeps what survives a restart of the broker: persistent messages, without their count of earlier deliveries. */
  afterRestart(): void {
    this.waiting = this.waiting.filter((message) => message.persistent);
    for (const message of this.waiting) message.redeliveries = 0;
  }

  /** A consumer that acknowledges at once re-enters here while the loop runs; the loop then simply continues. */
  private dispatch(): void {
    if (this.dispatching) return;
    this.dispatching = true;
    for (;;) {
      const message = this.waiting[0];
      const consumer = message && this.nextConsumer();
      if (!message || !consumer) break;
      this.waiting.shift();
      if (message.redeliveries === 0 && !message.duplicate && this.takeDuplicate()) {
        this.waiting.unshift({ ...message, duplicate: true });
      }
      this.inFlight.add(message);
      consumer.deliver(message);
    }
    this.dispatching = false;
  }

  private nextConsumer(): Consumer | undefined {
    for (let tried = 0; tried < this.consumers.length; tried += 1) {
      this.turn = (this.turn + 1) % this.consumers.length;
      const consumer = this.consumers[this.turn];
      if (consumer?.hasRoom()) return consumer;
    }
    return undefined;
  }
}
