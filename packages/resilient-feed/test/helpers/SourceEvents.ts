import { EMAIL_TYPE, toTypeSchema } from '@soar-feed/core';
import type { ContentHandle, FeedEvent, ObjectKey, SoarObject, TypeSchema } from '@soar-feed/core';
import { SoarClient } from '@soar-feed/soar-client';
import type { NoteDto, SoarConnection } from '@soar-feed/soar-client';

type More = Partial<FeedEvent>;

/** Events of the source org as an intake makes them, from what its REST API returns now. */
export class SourceEvents {
  static async connect(connection: SoarConnection): Promise<SourceEvents> {
    const client = await SoarClient.connect(connection);
    // As a host sees them where e-mail messages are fed.
    const types = Object.values(await client.types.all()).map((type) =>
      toTypeSchema(type.type_name === `__${EMAIL_TYPE}` ? { ...type, type_name: EMAIL_TYPE } : type),
    );
    return new SourceEvents(client, new Map(types.map((type) => [type.name, type])));
  }

  private count = 0;

  private constructor(
    readonly client: SoarClient,
    private readonly types: ReadonlyMap<string, TypeSchema>,
  ) {}

  async allTypes(): Promise<readonly TypeSchema[]> {
    return [...this.types.values()];
  }

  async incident(id: number, more: More = {}): Promise<FeedEvent> {
    return this.event('incident', id, await this.client.incidents.get(id), more);
  }

  async task(id: number, more: More = {}): Promise<FeedEvent> {
    const task = await this.client.tasks.get(id);
    return this.event('task', Number(task.inc_id), task, more);
  }

  async note(incidentId: number, id: number, more: More = {}, taskId?: number): Promise<FeedEvent> {
    const parent = taskId === undefined ? { incidentId } : { taskId };
    return this.event('note', incidentId, await this.client.notes.get(parent, id), more);
  }

  async artifact(incidentId: number, id: number, more: More = {}): Promise<FeedEvent> {
    return this.event('artifact', incidentId, await this.client.artifacts.get(incidentId, id), more);
  }

  async attachment(incidentId: number, id: number, more: More = {}): Promise<FeedEvent> {
    const all = await this.client.attachments.listWithTasks(incidentId);
    return this.event('attachment', incidentId, found(all, id), more);
  }

  async milestone(incidentId: number, id: number, more: More = {}): Promise<FeedEvent> {
    return this.event('milestone', incidentId, found(await this.client.milestones.list(incidentId), id), more);
  }

  async row(incidentId: number, table: string, id: number, more: More = {}): Promise<FeedEvent> {
    return this.event(table, incidentId, found((await this.client.dataTables.get(incidentId, table)).rows, id), more);
  }

  /** The incident and all its objects, as a reload brings them: a closed one once more at the end. */
  async whole(incidentId: number): Promise<FeedEvent[]> {
    const reload: More = { origin: 'reload' };
    const incident = await this.incident(incidentId, { ...reload, followedByObjects: true });
    const tasks = await this.client.tasks.list(incidentId, { wantNotes: true });
    const notes = [...(await this.client.notes.list({ incidentId })), ...tasks.flatMap((task) => task.notes ?? [])];
    const tables = await this.client.dataTables.list(incidentId);
    const of = (type: string, objects: readonly SoarObject[]) =>
      objects.map((dto) => this.event(type, incidentId, dto, reload));
    return [
      incident,
      ...of('task', tasks),
      ...of('note', withReplies(notes)),
      ...of('artifact', await this.client.artifacts.list(incidentId)),
      ...of('attachment', await this.client.attachments.listWithTasks(incidentId)),
      ...of('milestone', await this.client.milestones.list(incidentId)),
      ...tables.flatMap((table) => of(this.nameOf(table.id), table.rows)),
      ...(incident.payload['plan_status'] === 'C' ? [await this.incident(incidentId, reload)] : []),
    ];
  }

  /** The delete message of an object, with the snapshot it carries. */
  deleteOf(event: FeedEvent): FeedEvent {
    const { content: _content, ...rest } = event;
    return { ...rest, id: `delete-${++this.count}`, operation: 'delete', origin: 'queue', observedAtMs: Date.now() };
  }

  event(type: string, incidentId: number, payload: SoarObject, more: More = {}): FeedEvent {
    const schema = this.types.get(type);
    if (schema === undefined) throw new Error(`the source has no type ${type}`);
    const key: ObjectKey = { orgId: this.client.org.id, incidentId, type, objectId: Number(payload['id']) };
    const parent = parentOf(key, payload);
    const content = this.contentOf(key, payload);
    return {
      id: `event-${++this.count}`,
      origin: 'queue',
      operation: 'upsert',
      key,
      ...(parent === undefined ? {} : { parent }),
      workspace: '',
      observedAtMs: Date.now(),
      payload,
      schema,
      ...(content === undefined ? {} : { content }),
      ...more,
    };
  }

  private nameOf(typeId: number): string {
    return [...this.types.values()].find((type) => type.id === typeId)?.name ?? String(typeId);
  }

  private contentOf(key: ObjectKey, payload: SoarObject): ContentHandle | undefined {
    const file = (key.type === 'attachment' ? payload : payload['attachment']) as SoarObject | null | undefined;
    if ((key.type !== 'attachment' && key.type !== 'artifact') || !file) return undefined;
    const taskId = payload['task_id'];
    const parent = typeof taskId === 'number' ? { taskId } : { incidentId: key.incidentId };
    return {
      name: String(file['name']),
      contentType: String(file['content_type']),
      size: Number(file['size']),
      open: async () =>
        key.type === 'attachment'
          ? (await this.client.attachments.content(parent, key.objectId)).stream
          : (await this.client.artifacts.content(key.incidentId, key.objectId)).stream,
    };
  }
}

function parentOf(key: ObjectKey, payload: SoarObject): ObjectKey | undefined {
  if (key.type === 'incident') return undefined;
  const parentId = payload['parent_id'];
  if (typeof parentId === 'number') return { ...key, objectId: parentId };
  const taskId = payload['task_id'];
  if (typeof taskId === 'number') return { ...key, type: 'task', objectId: taskId };
  return { ...key, type: 'incident', objectId: key.incidentId };
}

function withReplies(notes: readonly NoteDto[]): NoteDto[] {
  return notes.flatMap((note) => [note, ...withReplies(note.children ?? [])]);
}

function found<T extends { readonly id: number }>(objects: readonly T[], id: number): T {
  const object = objects.find((one) => one.id === id);
  if (object === undefined) throw new Error(`the source has no object ${id}`);
  return object;
}
