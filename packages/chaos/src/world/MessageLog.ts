import type { Broker, QueueMessage } from '@soar-feed/soar-simulator';

export interface SentMessage {
  readonly number: number;
  readonly queue: string;
  readonly operation: string;
  /** `note 20017 of incident 2101`. */
  readonly object: string;
}

/**
 * What the platform queued, so that a finding can say what a message was about. The broker numbers its messages in the
 * order of their coming, and the number ends the message id.
 */
export class MessageLog {
  private readonly sent: SentMessage[] = [];

  constructor(
    broker: Broker,
    private readonly queue: string,
  ) {
    const publish = broker.publish.bind(broker);
    broker.publish = (message) => {
      this.sent.push(describe(this.sent.length + 1, message));
      return publish(message);
    };
  }

  /** Those of the queue that the host reads. */
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

interface ActionData {
  readonly operation_type?: string;
  readonly incident?: { readonly id: number };
  readonly [type: string]: unknown;
}

const TYPES = ['row', 'note', 'attachment', 'artifact', 'milestone', 'task', 'incident'];

function describe(number: number, { destination, body }: QueueMessage): SentMessage {
  const data = JSON.parse(body) as ActionData;
  const type = TYPES.find((name) => (data[name] ?? null) !== null) ?? 'something';
  const { id } = (data[type] ?? {}) as { readonly id?: number };
  const of = type === 'incident' ? '' : ` of incident ${data.incident?.id ?? '?'}`;
  return {
    number,
    queue: destination,
    operation: data.operation_type ?? 'unknown',
    object: `${type} ${id ?? '?'}${of}`,
  };
}
