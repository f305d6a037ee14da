import type { CallOptions, SoarClient } from '@soar-feed/soar-client';
import type { SoarObject } from '../../contract/FeedEvent.js';
import type { TypeSchema } from '../../contract/TypeSchema.js';
import type { TypeCatalog } from '../../shape/TypeCatalog.js';

/** One object below an incident, before it becomes an event. */
export interface ReadObject {
  readonly schema: TypeSchema;
  readonly payload: SoarObject;
}

/** Which types are wanted; an empty list means all. */
export type WantedTypes = (typeName: string) => boolean;

/**
 * The objects of one incident from the database (the query method): tasks with their notes in one request, then notes
 * with their replies, artifacts, attachments of incident and tasks, milestones and rows. In the order in which they
 * can be written: parents first.
 */
export async function readIncident(
  client: SoarClient,
  catalog: TypeCatalog,
  incidentId: number,
  wants: WantedTypes,
  options: CallOptions = {},
): Promise<readonly ReadObject[]> {
  const objects: { type: string; payload: SoarObject }[] = [];
  const add = (type: string, payloads: readonly SoarObject[]): void => {
    if (wants(type)) for (const payload of payloads) objects.push({ type, payload });
  };
  if (wants('task') || wants('note')) {
    const tasks = await client.tasks.list(incidentId, { ...options, wantNotes: wants('note') });
    add('task', tasks);
    for (const task of tasks) add('note', threads(task.notes, { task_id: task.id, type: 'task' }));
  }
  if (wants('note')) add('note', threads(await client.notes.list({ incidentId }, options), {}));
  if (wants('artifact')) add('artifact', await client.artifacts.list(incidentId, options));
  if (wants('attachment')) add('attachment', await client.attachments.listWithTasks(incidentId, options));
  if (wants('milestone')) add('milestone', await client.milestones.list(incidentId, options));
  const found: ReadObject[] = [];
  for (const { type, payload } of objects) {
    const schema = await catalog.named(type);
    if (schema !== undefined) found.push({ schema: await catalog.knowing(schema, payload), payload });
  }
  if ((await catalog.all()).some((type) => type.kind === 8 && wants(type.name))) {
    for (const table of await client.dataTables.list(incidentId, options)) {
      const schema = await catalog.numbered(table.id);
      if (schema === undefined || !wants(schema.name)) continue;
      for (const payload of table.rows) found.push({ schema: await catalog.knowing(schema, payload), payload });
    }
  }
  return parentsFirst(found);
}

/** A thread as a flat list; what the list says of the task is added where a note lacks it. */
function threads(notes: unknown, facts: SoarObject): readonly SoarObject[] {
  if (!Array.isArray(notes)) return [];
  return (notes as SoarObject[]).flatMap((note) => {
    const { children, ...own } = note;
    return [
      { ...facts, ...withoutNull(own, Object.keys(facts)), children: outline(children) },
      ...threads(children, facts),
    ];
  });
}

/** Which replies a note has: a deleted one stays for as long as there are some. Each comes as an object of its own. */
function outline(replies: unknown): readonly SoarObject[] {
  if (!Array.isArray(replies)) return [];
  return (replies as SoarObject[]).map(({ id, is_deleted, children }) => ({
    ...{ id, is_deleted },
    children: outline(children),
  }));
}

function withoutNull(object: SoarObject, keys: readonly string[]): SoarObject {
  return Object.fromEntries(Object.entries(object).filter(([key, value]) => !(keys.includes(key) && value == null)));
}

const ORDER: readonly string[] = ['task', 'note', 'artifact', 'attachment', 'milestone'];

/** Tasks before what hangs on them; within a type by id, so that a parent note or artifact comes before its children. */
export function parentsFirst(objects: readonly ReadObject[]): readonly ReadObject[] {
  const rank = ({ schema }: ReadObject): number => {
    const at = ORDER.indexOf(schema.name);
    return at < 0 ? ORDER.length : at;
  };
  const id = ({ payload }: ReadObject): number => (typeof payload.id === 'number' ? payload.id : 0);
  return [...objects].sort((a, b) => rank(a) - rank(b) || a.schema.id - b.schema.id || id(a) - id(b));
}
