import { UnavailableError } from '@soar-feed/core';
import type { DeliveryResult, FeedEvent, FeedTarget, ObjectKey, ParkedEvent } from '@soar-feed/core';
import { aDelete, anIncident, aNote, aTask } from '@soar-feed/feed-testkit';

/** What a server does with a note that has replies, and what the message about its delete says. */
export interface ThreadRules {
  readonly deleted: 'keeps a frame' | 'takes its replies';
  readonly says: 'modified' | 'deleted';
}

interface Note {
  readonly id: number;
  readonly task: number | undefined;
  readonly parent: number | undefined;
  text: string;
  stamp: number;
  isFrame: boolean;
}

export const INCIDENT = anIncident().key;
export const TASK = 310;

/**
 * The source: one incident, one task, and threads of notes on both. Each operation returns what the queue would bring.
 */
export class ThreadSource {
  readonly notes = new Map<number, Note>();
  hasTask = true;
  private clock = 1_000;
  private messages = 0;

  constructor(private readonly rules: ThreadRules) {}

  create(parent: number | undefined, ofTask: boolean): FeedEvent {
    const above = parent === undefined ? undefined : this.notes.get(parent);
    const task = above === undefined ? (ofTask ? TASK : undefined) : above.task;
    const id = 400 + this.messages;
    this.clock += 1;
    this.notes.set(id, { id, task, parent, text: `text ${this.clock}`, stamp: this.clock, isFrame: false });
    return this.message(id);
  }

  edit(id: number): FeedEvent {
    const note = this.notes.get(id) as Note;
    this.clock += 1;
    Object.assign(note, { text: `text ${this.clock}`, stamp: this.clock });
    return this.message(id);
  }

  remove(id: number): FeedEvent {
    const note = this.notes.get(id) as Note;
    this.clock += 1;
    const replies = [...this.notes.values()].some(({ parent }) => parent === id);
    if (replies && this.rules.deleted === 'keeps a frame') {
      Object.assign(note, { text: '', stamp: this.clock, isFrame: true });
      const event = this.message(id);
      return this.rules.says === 'modified' ? event : aDelete(event, { observedAtMs: this.clock });
    }
    const event = aDelete(this.message(id), { observedAtMs: this.clock });
    this.drop(id);
    return event;
  }

  removeTask(): FeedEvent {
    this.hasTask = false;
    for (const { id, task } of [...this.notes.values()]) if (task === TASK) this.notes.delete(id);
    this.clock += 1;
    return aDelete(this.task(), { observedAtMs: this.clock });
  }

  task(): FeedEvent {
    return aTask({ id: `task ${this.clock}`, observedAtMs: this.clock });
  }

  incident(): FeedEvent {
    return anIncident({ id: 'incident' });
  }

  /** As core reads single objects. */
  async reread({ id, key }: Pick<FeedEvent, 'id' | 'key'>): Promise<FeedEvent | undefined> {
    this.clock += 1;
    if (key.type === 'incident') return { ...this.incident(), id, origin: 'reload' };
    if (key.type === 'task') return this.hasTask ? { ...this.task(), id, origin: 'reload' } : undefined;
    return this.notes.has(key.objectId) ? { ...this.event(key.objectId, id), origin: 'reload' } : undefined;
  }

  async rebuild(row: ParkedEvent): Promise<FeedEvent | undefined> {
    const id = row.eventId ?? 'row';
    const now = await this.reread({ id, key: row.key });
    const isKept = row.payload !== undefined || row.operation === 'delete';
    if (!isKept && now !== undefined) return { ...now, origin: 'replay' };
    const shape =
      row.key.type === 'note'
        ? aNote({ objectId: row.key.objectId })
        : row.key.type === 'task'
          ? aTask()
          : anIncident();
    const { operation } = isKept ? row : { operation: 'delete' as const };
    const { parent = shape.parent, payload = shape.payload, observedAtMs } = row;
    return {
      ...shape,
      id,
      key: row.key,
      origin: 'replay',
      operation,
      payload,
      observedAtMs,
      ...(parent ? { parent } : {}),
    };
  }

  discover(key: ObjectKey): Promise<FeedEvent | undefined> {
    return this.reread({ id: `discover ${key.type} ${key.objectId}`, key });
  }

  private drop(id: number): void {
    for (const note of [...this.notes.values()]) if (note.parent === id) this.drop(note.id);
    this.notes.delete(id);
  }

  private message(id: number): FeedEvent {
    this.messages += 1;
    return this.event(id, `message ${this.messages}`);
  }

  private event(id: number, eventId: string): FeedEvent {
    const { task, parent, text, stamp, isFrame } = this.notes.get(id) as Note;
    const taskKey = task === undefined ? undefined : { ...INCIDENT, type: 'task', objectId: task };
    const above = parent === undefined ? taskKey : { ...INCIDENT, type: 'note', objectId: parent };
    return aNote({
      id: eventId,
      objectId: id,
      observedAtMs: this.clock,
      ...(above === undefined ? {} : { parent: above }),
      payload: { text, modify_date: stamp, is_deleted: isFrame, ...(task === undefined ? {} : { task_id: task }) },
    });
  }
}

interface Copy {
  readonly parent: string;
  text: string;
}

/** A destination like another organization: parents first, and deletes are final unless the source says otherwise. */
export class ThreadTarget implements FeedTarget {
  readonly capabilities = { deletes: 'apply', content: false } as const;
  readonly objects = new Map<string, Copy>();
  isAway = false;
  private readonly deleted = new Set<string>();

  constructor(private readonly rules: ThreadRules) {}

  async open(): Promise<void> {
    if (this.isAway) throw new UnavailableError('away', { code: 'away' });
  }

  async close(): Promise<void> {}

  async deliver({ key, parent, operation, payload, restored }: FeedEvent): Promise<DeliveryResult> {
    if (this.isAway) throw new UnavailableError('away', { code: 'away' });
    const name = nameOf(key);
    if (operation === 'delete') return this.remove(name);
    const isFrame = payload['is_deleted'] === true;
    if (this.deleted.has(name) && !isFrame && restored !== true)
      return { status: 'skipped', reason: 'already deleted' };
    if (parent !== undefined && !this.objects.has(nameOf(parent))) return { status: 'waiting', on: parent };
    this.deleted.delete(name);
    const text = isFrame ? '' : String(payload['text'] ?? key.type);
    this.objects.set(name, { parent: parent === undefined ? '' : nameOf(parent), text });
    return { status: 'delivered', change: 'updated' };
  }

  private remove(name: string): DeliveryResult {
    this.deleted.add(name);
    const own = this.objects.get(name);
    if (own === undefined) return { status: 'delivered', change: 'unchanged' };
    const hasReplies = [...this.objects.values()].some(({ parent }) => parent === name);
    if (name.startsWith('note') && hasReplies && this.rules.deleted === 'keeps a frame') own.text = '';
    else this.drop(name);
    return { status: 'delivered', change: 'deleted' };
  }

  private drop(name: string): void {
    for (const [below, { parent }] of [...this.objects]) if (parent === name) this.drop(below);
    this.objects.delete(name);
  }
}

/** The notes with their text and their parent; frames do not count. */
export function threadsOf(side: ThreadSource | ThreadTarget): readonly string[] {
  const lines =
    side instanceof ThreadTarget
      ? [...side.objects].map(([name, { parent, text }]) => [name, parent, text])
      : [...side.notes.values()].map(({ id, parent, task, text }) => {
          const above =
            parent === undefined ? (task === undefined ? 'incident 2100' : `task ${task}`) : `note ${parent}`;
          return [`note ${id}`, above, text];
        });
  return lines
    .filter(([name, , text]) => name?.startsWith('note') && text !== '')
    .map((line) => line.join(' | '))
    .sort();
}

function nameOf({ type, objectId }: ObjectKey): string {
  return `${type} ${objectId}`;
}
