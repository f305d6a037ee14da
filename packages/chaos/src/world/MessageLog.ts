import type { Broker } from '@soar-feed/soar-simulator';
import { describeMessage } from './describeMessage.js';
import type { MessageFacts } from './describeMessage.js';

export interface SentMessage extends MessageFacts {
  readonly number: number;
  readonly queue: string;
}

/**
 * What the platform queued, so that a finding can say what a message was about. The broker numbers messages in order of
 * arrival, and a message id ends with that number.
 */
export class MessageLog {
  private readonly sent: SentMessage[] = [];

  constructor(
    broker: Broker,
    private readonly queue: string,
  ) {
    const publish = broker.publish.bind(broker);
    broker.publish = (message) => {
      this.sent.push({ number: this.sent.length + 1, queue: message.destination, ...describeMessage(message) });
      return publish(message);
    };
  }

  /** How many messages were sent to the queue that the host reads. */
  get count(): number {
    return this.sent.filter(({ queue }) => queue === this.queue).length;
  }

  describe(messageId: string): string {
    const number = Number(messageId.slice(messageId.lastIndexOf(':') + 1));
    const found = this.sent[number - 1];
    return found === undefined ? messageId : `message ${number} (${found.operation} ${found.object})`;
  }

  all(): readonly SentMessage[] {
    return this.sent;
  }
}
