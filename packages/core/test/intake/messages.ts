import type { ActionReply, QueueMessage, SoarClient } from '@soar-feed/soar-client';
import type { Clock } from '../../src/contract/Clock.js';
import type { IncomingMessage } from '../../src/intake/queue/decodeMessage.js';
import { TypeCatalog } from '../../src/shape/TypeCatalog.js';
import type { TypeDescription } from '../../src/shape/toTypeSchema.js';
import { EventFactory } from '../../src/source/EventFactory.js';

type Body = Readonly<Record<string, unknown>>;

/** The source's types, as far as these messages need them. */
export const types: readonly TypeDescription[] = [
  type(0, 'incident', [
    { id: 62, name: 'severity_code', input_type: 'select', values: [{ value: 6, label: 'Old label' }] },
    { id: 9, name: 'workspace', input_type: 'select', values: [{ value: 1, label: 'Default workspace' }] },
    { id: 17, name: 'name', input_type: 'text' },
  ]),
  type(1, 'task', [{ id: 90, name: 'status', input_type: 'select' }]),
  type(2, 'note', [{ id: 108, name: 'text', input_type: 'textarea' }]),
  type(3, 'milestone', [{ id: 110, name: 'title', input_type: 'text' }]),
  type(4, 'artifact', [{ id: 120, name: 'type', input_type: 'select' }]),
  type(5, 'attachment', [{ id: 131, name: 'name', input_type: 'text' }]),
  {
    ...type(1001, 'test_dt', [
      { id: 322, name: 'col_1', input_type: 'textarea' },
      { id: 323, name: 'col_2', input_type: 'select' },
    ]),
    type_id: 8,
  },
];

function type(id: number, name: string, fields: TypeDescription['fields'] & readonly unknown[]): TypeDescription {
  return { id, type_id: id, type_name: name, display_name: name, parent_types: ['incident'], fields };
}

/** Makes events; nothing in it reaches a server before a content is opened. */
export const events = new EventFactory({ org: { id: 201 } } as SoarClient);

export function catalogOf(
  clock: Clock,
  load: () => Promise<Iterable<TypeDescription>> = async () => types,
): TypeCatalog {
  return new TypeCatalog(load, clock);
}

export const incident: Body = { id: 4517, name: 'Suspicious login', workspace: 1, severity_code: 6, vers: 5 };

const objectKeys = ['artifact', 'attachment', 'emailmessage', 'milestone', 'note', 'row', 'task'];
const nulls = Object.fromEntries(objectKeys.map((key) => [key, null]));

/** An ActionDataDTO as the platform sends it: keys that do not apply are there with null. */
export function action(objectType: number, more: Body = {}): Body {
  return {
    action_id: 226,
    object_type: objectType,
    operation_type: 'modified',
    ...nulls,
    incident,
    type_info: {},
    properties: {},
    ...more,
  };
}

export function syncFunction(inputs: Body, name = 'data_feeder_sync_incidents'): Body {
  return {
    function: { id: 45, name },
    groups: [],
    inputs,
    workflow: null,
    workflow_instance: null,
    playbook_instance: null,
  };
}

export const BROKER_MS = 1_700_000_000_123;

export function incoming(
  body: unknown,
  headers: Record<string, string> = {},
  messageId = 'ID:host-1',
): IncomingMessage {
  return {
    messageId,
    headers: { Co3MessagePayload: 'ActionDataDTO', timestamp: String(BROKER_MS), ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

/** A message from a queue; `told` has its answers in order. */
export interface Received extends QueueMessage {
  readonly told: (ActionReply | 'ack')[];
}

export function received(body: unknown, messageId: string, headers: Record<string, string> = {}): Received {
  const told: (ActionReply | 'ack')[] = [];
  return {
    ...incoming(body, headers, messageId),
    redelivered: false,
    told,
    ack: () => told.push('ack'),
    reply: (reply) => told.push(reply),
  };
}
