import type { CallOptions, SoarClient } from '@soar-feed/soar-client';
import type { SoarObject } from '../../contract/FeedEvent.js';
import type { TypeSchema } from '../../contract/TypeSchema.js';
import { rankOf } from '../../hierarchy/hierarchy.js';
import { EMAIL_TYPE, isDataTable, isEmail } from '../../contract/TypeSchema.js';
import type { TypeCatalog } from '../../shape/TypeCatalog.js';

/** One object below an incident, before it becomes an event. */
export interface ReadObject {
  readonly schema: TypeSchema;
  readonly payload: SoarObject;
}

/** Which types are wanted; an empty list means all. */
export type WantedTypes = (typeName: string) => boolean;

/** Gives the e-mail messages of incidents; see `EmailSearch`. */
export interface EmailReader {
  of(incidentIds: readonly number[], options: CallOptions): Promise<ReadonlyMap<number, readonly ReadObject[]>>;
}

/** What is needed to read a part. */
export interface PartContext {
  readonly client: SoarClient;
  readonly catalog: TypeCatalog;
  readonly incidentId: number;
  readonly wants: WantedTypes;
  readonly emails: EmailReader;
  readonly options: CallOptions;
}

/** A part of an incident that has its own requests, answered from the database (the query method). */
export interface IncidentPart {
  /** As in "the ... of incident 2100". */
  readonly name: string;
  isWanted(wants: WantedTypes, catalog: TypeCatalog): boolean | Promise<boolean>;
  read(context: PartContext): Promise<readonly ReadObject[]>;
}

/** Tasks bring their notes in the same request, notes bring their replies, and `attachments` brings those of the tasks. */
export const INCIDENT_PARTS: readonly IncidentPart[] = [
  {
    name: 'tasks',
    isWanted: (wants) => wants('task') || wants('note'),
    async read(context) {
      const { client, incidentId, wants, options } = context;
      const tasks = await client.tasks.list(incidentId, { ...options, wantNotes: wants('note') });
      const notes = tasks.flatMap((task) => threads(task.notes, { task_id: task.id, type: 'task' }));
      return [...(await typed('task', tasks, context)), ...(await typed('note', notes, context))];
    },
  },
  listed('notes', 'note', async ({ client, incidentId, options }) =>
    threads(await client.notes.list({ incidentId }, options), {}),
  ),
  listed('artifacts', 'artifact', ({ client, incidentId, options }) => client.artifacts.list(incidentId, options)),
  listed('attachments', 'attachment', ({ client, incidentId, options }) =>
    client.attachments.listWithTasks(incidentId, options),
  ),
  listed('milestones', 'milestone', ({ client, incidentId, options }) => client.milestones.list(incidentId, options)),
  {
    name: 'e-mail messages',
    isWanted: async (wants, catalog) => wants(EMAIL_TYPE) && (await catalog.all()).some(isEmail),
    read: async ({ emails, incidentId, options }) => (await emails.of([incidentId], options)).get(incidentId) ?? [],
  },
  {
    name: 'table rows',
    isWanted: async (wants, catalog) => (await catalog.all()).some((type) => isDataTable(type) && wants(type.name)),
    async read({ client, catalog, incidentId, wants, options }) {
      const found: ReadObject[] = [];
      for (const table of await client.dataTables.list(incidentId, options)) {
        const schema = await catalog.numbered(table.id);
        if (schema === undefined || !wants(schema.name)) continue;
        for (const payload of table.rows) found.push({ schema: await catalog.knowing(schema, payload), payload });
      }
      return found;
    },
  },
];

function listed(
  name: string,
  type: string,
  list: (context: PartContext) => Promise<readonly SoarObject[]>,
): IncidentPart {
  return {
    name,
    isWanted: (wants) => wants(type),
    read: async (context) => typed(type, await list(context), context),
  };
}

async function typed(
  type: string,
  payloads: readonly SoarObject[],
  { catalog, wants }: PartContext,
): Promise<readonly ReadObject[]> {
  const schema = wants(type) ? await catalog.named(type) : undefined;
  if (schema === undefined) return [];
  return Promise.all(payloads.map(async (payload) => ({ schema: await catalog.knowing(schema, payload), payload })));
}

/** A thread of notes as a flat list; `facts` about the task are added where a note lacks them. */
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

/** The replies of a note, as an outline: a deleted note stays for as long as it has some. Each reply is also its own object. */
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

/** Tasks come before the objects below them; within a type by id, so that a parent note or artifact precedes its children. */
export function parentsFirst(objects: readonly ReadObject[]): readonly ReadObject[] {
  const rank = ({ schema }: ReadObject): number => rankOf(schema.name);
  const id = ({ payload }: ReadObject): number => (typeof payload.id === 'number' ? payload.id : 0);
  return [...objects].sort((a, b) => rank(a) - rank(b) || a.schema.id - b.schema.id || id(a) - id(b));
}
