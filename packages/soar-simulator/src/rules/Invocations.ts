import { readJson } from '../json/readJson.js';
import type { BrokerReply } from '../stomp/Broker.js';
import type { Invocation } from './Invocation.js';

/** Beyond this number, the oldest invocations are dropped. */
const keptInvocations = 20_000;

export type SavedInvocation = Omit<Invocation, 'done'>;

type Start = Pick<Invocation, 'correlationId' | 'kind' | 'name' | 'destination' | 'incidentId'>;

/** The Action Status of an org: what was sent to queues, and what was replied. */
export class Invocations {
  private readonly byCorrelation = new Map<string, OpenInvocation>();

  start(start: Start, expectAck: boolean): Invocation {
    const invocation = new OpenInvocation(start);
    this.byCorrelation.set(start.correlationId, invocation);
    if (!expectAck) invocation.finish('completed');
    if (this.byCorrelation.size > keptInvocations)
      for (const oldest of this.byCorrelation.keys()) {
        this.byCorrelation.delete(oldest);
        break;
      }
    return invocation;
  }

  reply({ headers, body }: BrokerReply): void {
    this.byCorrelation.get(headers['correlation-id'] ?? '')?.take(readReply(body, headers));
  }

  /** Everything except the promises. */
  save(): readonly SavedInvocation[] {
    return Array.from(this.byCorrelation.values(), ({ saved }) => saved);
  }

  load(saved: readonly SavedInvocation[]): void {
    this.byCorrelation.clear();
    for (const each of saved) this.byCorrelation.set(each.correlationId, new OpenInvocation(each));
  }

  all(): readonly Invocation[] {
    return [...this.byCorrelation.values()];
  }
}

class OpenInvocation implements Invocation {
  readonly correlationId: string;
  readonly kind: Invocation['kind'];
  readonly name: string;
  readonly destination: string;
  readonly incidentId: number | null;
  readonly done: Promise<Invocation>;
  readonly messages: Reply[] = [];
  status: Invocation['status'] = 'pending';
  results: unknown = undefined;
  private resolve!: (invocation: Invocation) => void;

  constructor(start: Start & Partial<SavedInvocation>) {
    this.correlationId = start.correlationId;
    this.kind = start.kind;
    this.name = start.name;
    this.destination = start.destination;
    this.incidentId = start.incidentId;
    this.done = new Promise((resolve) => (this.resolve = resolve));
    this.messages.push(...(start.messages ?? []));
    this.results = start.results;
    if (start.status !== undefined && start.status !== 'pending') this.finish(start.status);
  }

  get saved(): SavedInvocation {
    const { correlationId, kind, name, destination, incidentId, status, messages, results } = this;
    return { correlationId, kind, name, destination, incidentId, status, messages: [...messages], results };
  }

  take(reply: Reply & { results?: unknown }): void {
    const { results, ...message } = reply;
    this.messages.push(message);
    if (results !== undefined) this.results = results;
    if (message.complete) this.finish(message.type === 1 ? 'error' : 'completed');
  }

  finish(status: 'completed' | 'error'): void {
    this.status = status;
    this.resolve(this);
  }
}

interface Reply {
  type: number;
  text: string;
  complete: boolean;
}

/** An AcknowledgementDTO, or plain text, which counts as success (IBM Custom Action Developer Guide). */
function readReply(body: string, headers: Record<string, string>): Reply & { results?: unknown } {
  try {
    const dto = readJson(body) as Record<string, unknown> | null;
    if (typeof dto === 'object' && dto !== null)
      return {
        type: Number(dto['message_type'] ?? 0),
        text: String(dto['message'] ?? ''),
        complete: dto['complete'] !== false,
        ...(dto['results'] === undefined ? {} : { results: dto['results'] }),
      };
  } catch {
    // Not JSON: a plain text reply.
  }
  return { type: 0, text: body, complete: headers['Co3InvocationComplete'] !== 'false' };
}
