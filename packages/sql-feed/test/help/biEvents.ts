import { toTypeSchema } from '@soar-feed/core';
import type { FeedEvent, ObjectKey, SoarObject, TypeSchema } from '@soar-feed/core';

type FieldDto = Extract<Parameters<typeof toTypeSchema>[0]['fields'], readonly unknown[]>[number];

const text = (id: number, name: string): FieldDto => ({ id, name, text: name, input_type: 'text', internal: true });
const date = (id: number, name: string): FieldDto => ({ ...text(id, name), input_type: 'datetimepicker' });
const flag = (id: number, name: string): FieldDto => ({ ...text(id, name), input_type: 'boolean' });
const select = (
  id: number,
  name: string,
  options: Readonly<Record<string, string>>,
  input_type = 'select',
): FieldDto => ({
  ...text(id, name),
  input_type,
  values: Object.entries(options).map(([value, label]) => ({
    value: Number.isNaN(Number(value)) ? value : Number(value),
    label,
    enabled: true,
  })),
});

const PHASES = { '1': 'Detect', '2': 'Respond', '3': 'Post-Incident' };
const USERS = { '7': 'Ada Admin (ada@example.com)', '8': 'Bo Responder (bo@example.com)' };

/** The built-in fields that people report on, as the platform has them. */
export const incidentSchema = toTypeSchema({
  id: 0,
  type_id: 0,
  type_name: 'incident',
  display_name: 'Incident',
  fields: [
    text(1, 'name'),
    select(2, 'plan_status', { A: 'Active', C: 'Closed' }),
    select(3, 'phase_id', PHASES),
    select(4, 'severity_code', { '50': 'Low', '51': 'Medium', '52': 'High' }),
    select(5, 'owner_id', USERS, 'select_owner'),
    select(6, 'incident_type_ids', { '20': 'Malware', '21': 'Phishing' }, 'multiselect'),
    select(7, 'workspace', { '1': 'Default workspace' }),
    select(8, 'resolution_id', { '9': 'Resolved' }),
    date(10, 'create_date'),
    date(11, 'discovered_date'),
    date(12, 'due_date'),
    date(13, 'end_date'),
    date(14, 'inc_last_modified_date'),
  ],
});

export const taskSchema = toTypeSchema({
  id: 1,
  type_id: 1,
  type_name: 'task',
  display_name: 'Task',
  parent_types: ['incident'],
  fields: [
    text(90, 'name'),
    select(91, 'status', { O: 'Open', C: 'Closed' }),
    select(92, 'phase_id', PHASES),
    flag(93, 'active'),
    date(94, 'due_date'),
    date(95, 'closed_date'),
    date(96, 'init_date'),
    select(97, 'owner_id', USERS, 'select_owner'),
  ],
});

export const artifactSchema = toTypeSchema({
  id: 4,
  type_id: 4,
  type_name: 'artifact',
  display_name: 'Artifact',
  parent_types: ['incident'],
  fields: [
    select(120, 'type', { '1': 'IP Address', '2': 'URL' }),
    text(121, 'value'),
    date(122, 'created'),
    date(123, 'last_modified_time'),
  ],
});

export const biTypes: readonly TypeSchema[] = [incidentSchema, taskSchema, artifactSchema];

let count = 0;

interface Options {
  readonly at: number;
  readonly origin?: FeedEvent['origin'];
  readonly restored?: true;
}

function event(
  schema: TypeSchema,
  key: Pick<ObjectKey, 'incidentId' | 'objectId'>,
  payload: SoarObject,
  options: Options,
): FeedEvent {
  const { at, origin = 'queue', restored } = options;
  const incident: ObjectKey = { orgId: 201, incidentId: key.incidentId, type: 'incident', objectId: key.incidentId };
  return {
    id: `event-${(count += 1)}`,
    origin,
    operation: 'upsert',
    key: { orgId: 201, type: schema.name, ...key },
    ...(schema.name === 'incident' ? {} : { parent: incident }),
    workspace: 'Default workspace',
    observedAtMs: at,
    payload: { id: key.objectId, ...payload },
    schema,
    ...(restored === undefined ? {} : { restored }),
  };
}

export function incident(id: number, payload: SoarObject, options: Options): FeedEvent {
  const whole = {
    name: `Incident ${id}`,
    plan_status: 'A',
    workspace: 1,
    inc_last_modified_date: options.at,
    ...payload,
  };
  return event(incidentSchema, { incidentId: id, objectId: id }, whole, options);
}

export function task(id: number, incidentId: number, payload: SoarObject, options: Options): FeedEvent {
  return event(taskSchema, { incidentId, objectId: id }, { name: `Task ${id}`, status: 'O', ...payload }, options);
}

export function artifact(id: number, incidentId: number, payload: SoarObject, options: Options): FeedEvent {
  const whole = { type: 1, value: `10.0.0.${id}`, created: options.at, last_modified_time: options.at, ...payload };
  return event(artifactSchema, { incidentId, objectId: id }, whole, options);
}

export function deleted(of: FeedEvent, at: number): FeedEvent {
  return {
    ...of,
    id: `event-${(count += 1)}`,
    origin: 'queue',
    operation: 'delete',
    observedAtMs: at,
    payload: { id: of.key.objectId },
  };
}
