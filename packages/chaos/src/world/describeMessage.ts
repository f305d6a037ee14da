import type { QueueMessage } from '@soar-feed/soar-simulator';

export interface MessageFacts {
  readonly operation: string;
  readonly type: string;
  /** `note 20017 of incident 2101`. */
  readonly object: string;
}

interface ActionData {
  readonly operation_type?: string;
  readonly incident?: { readonly id: number };
  readonly [type: string]: unknown;
}

const TYPES = ['row', 'note', 'attachment', 'artifact', 'milestone', 'task', 'incident'];

/** What a message of the platform is about. */
export function describeMessage({ body }: QueueMessage): MessageFacts {
  const data = JSON.parse(body) as ActionData;
  const type = TYPES.find((name) => (data[name] ?? null) !== null) ?? 'something';
  const { id } = (data[type] ?? {}) as { readonly id?: number };
  const of = type === 'incident' ? '' : ` of incident ${data.incident?.id ?? '?'}`;
  return { operation: data.operation_type ?? 'unknown', type, object: `${type} ${id ?? '?'}${of}` };
}
