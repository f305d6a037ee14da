import type { Consumer, Queue, QueuedMessage } from './Queue.js';

export type AckMode = 'auto' | 'client' | 'client-individual';

/** One SUBSCRIBE of one connection: the messages it holds and has not acknowledged. */
export class Subscription implements Consumer {
  /** By ack id, oldest first. */
  private readonly held = new Map<string, QueuedMessage>();

  constructor(
    readonly id: string,
    readonly queue: Queue,
    private readonly ackMode: AckMode,
    private readonly prefetch: number,
    private readonly ports: {
      readonly nextAckId: () => string;
      readonly send: (message: QueuedMessage, ackId: string | undefined) => void;
      readonly onAcked: (queue: string, messageId: string) => void;
    },
  ) {}

  hasRoom(): boolean {
    return this.held.size < this.prefetch;
  }

  deliver(message: QueuedMessage): void {
    if (this.ackMode === 'auto') {
      this.ports.send(message, undefined);
      this.ports.onAcked(this.queue.name, message.messageId);
      this.queue.settle(message);
      return;
    }
    const ackId = this.ports.nextAckId();
    this.held.set(ackId, message);
    this.ports.send(message, ackId);
  }

  /** STOMP 1.0 and 1.1 acknowledge by message id. */
  ackIdOf(messageId: string): string | undefined {
    for (const [ackId, message] of this.held) if (message.messageId === messageId) return ackId;
    return undefined;
  }

  /** @returns false if this subscription holds no such message */
  ack(ackId: string): boolean {
    if (!this.held.has(ackId)) return false;
    for (const [id, message] of this.upTo(ackId)) {
      this.held.delete(id);
      this.ports.onAcked(this.queue.name, message.messageId);
      this.queue.settle(message);
    }
    return true;
  }

  /** Removes the message (in mode `client`, all up to it) from its queue without an acknowledgement. */
  refuse(ackId: string): QueuedMessage[] {
    const refused = this.upTo(ackId);
    for (const [id, message] of refused) {
      this.held.delete(id);
      this.queue.settle(message);
    }
    return refused.map(([, message]) => message);
  }

  /** Ends the subscription and returns the messages that it holds. */
  release(): void {
    const messages = [...this.held.values()];
    this.held.clear();
    this.queue.detach(this);
    this.queue.giveBack(messages);
  }

  private upTo(ackId: string): [string, QueuedMessage][] {
    const message = this.held.get(ackId);
    if (!message) return [];
    if (this.ackMode !== 'client') return [[ackId, message]];
    const entries = [...this.held];
    return entries.slice(0, entries.findIndex(([id]) => id === ackId) + 1);
  }
}
