import type { NoteDto, ParentRef } from '../org/dto/NoteDto.js';
import { PlatformError } from '../org/PlatformError.js';
import type { SimOrg, WriteOptions } from '../org/SimOrg.js';
import type { Random } from '../seed/Random.js';
import { ValueMaker } from '../seed/ValueMaker.js';
import { richText, shortText } from '../seed/texts.js';

/** How often each operation is chosen. */
export type Weights = Readonly<Record<Operation, number>>;
export type Operation = keyof typeof defaultWeights;

export const defaultWeights = {
  'create incident': 4,
  'edit incident': 12,
  'edit incident and back': 3,
  'close incident': 3,
  'reopen incident': 3,
  'delete incident': 1,
  'create task': 5,
  'edit task': 7,
  'close or reopen task': 4,
  'delete task': 2,
  'add note': 5,
  'add task note': 4,
  reply: 5,
  'edit note': 5,
  'delete note': 3,
  'add artifact': 5,
  'add file artifact': 3,
  'edit artifact': 4,
  'delete artifact': 2,
  'add attachment': 3,
  'add task attachment': 3,
  'delete attachment': 2,
  'add milestone': 3,
  'edit milestone': 3,
  'delete milestone': 2,
  'add row': 4,
  'edit row': 5,
  'delete row': 2,
};

/** Random work of analysts in an org. Each call of `next` does one thing and returns a description of it. */
export class Analyst {
  private readonly make: ValueMaker;
  private readonly actors: string[];

  constructor(
    private readonly org: SimOrg,
    private readonly random: Random,
    private readonly weights: Weights = defaultWeights,
  ) {
    const schema = org.schema();
    this.make = new ValueMaker(schema, random);
    this.actors = schema.users.map(({ email }) => email);
  }

  /**
   * @returns what was done, in a few words
   * @throws Error if 200 tries found nothing that could be done
   */
  next(): string {
    let refusal = '';
    for (let tries = 0; tries < 200; tries += 1) {
      try {
        const operation = this.random.weighted(this.weights);
        const detail = this.perform(operation, { actor: this.random.pick(this.actors) });
        if (detail !== undefined) return `${operation} ${detail}`;
      } catch (error) {
        // An analyst gives up what the org refuses (a field made required, a task that must not be deleted).
        if (!(error instanceof PlatformError)) throw error;
        refusal = `; the last refusal: ${error.message}`;
      }
    }
    throw new Error(`No operation was possible in ${this.org.name}${refusal}`);
  }

  /** @returns undefined if the chosen incident has nothing to do this to */
  private perform(operation: Operation, write: WriteOptions): string | undefined {
    const { org, random, make } = this;
    if (operation === 'create incident') return `${org.createIncident(make.incident(), write).id}`;
    const ids = org.incidentIds();
    if (ids.length === 0) return undefined;
    const id = random.pick(ids);

    switch (operation) {
      case 'edit incident': {
        const { name, changes } = make.incidentEdit();
        org.updateIncident(id, changes, write);
        return `${id}: ${name}`;
      }
      case 'edit incident and back': {
        const { name } = org.incident(id);
        org.updateIncident(id, { name: shortText(random) }, write);
        org.updateIncident(id, { name }, write);
        return `${id}: name`;
      }
      case 'close incident':
        return this.close(id, write);
      case 'reopen incident':
        if (org.incident(id).plan_status !== 'C') return undefined;
        org.reopenIncident(id, write);
        return `${id}`;
      case 'delete incident':
        if (ids.length <= 3) return undefined; // some incidents must stay for the other operations
        org.deleteIncident(id, write);
        return `${id}`;
      case 'create task':
        return `${org.createTask(id, make.task(), write).id} in ${id}`;
      case 'edit task':
        return this.onTask(id, (taskId) => org.updateTask(taskId, this.taskEdit(), write));
      case 'close or reopen task':
        return this.onTask(id, (taskId) => {
          org.updateTask(taskId, { status: org.task(taskId).status === 'O' ? 'C' : 'O' }, write);
        });
      case 'delete task':
        return this.onTask(id, (taskId) => org.deleteTask(taskId, write));
      case 'add note':
        return `${org.addNote({ incidentId: id }, make.note(), write).id} to ${id}`;
      case 'add task note':
        return this.onTask(id, (taskId) => org.addNote({ taskId }, make.note(), write));
      case 'reply':
        return this.onNote(id, (noteId) => org.reply(noteId, make.note(), write));
      case 'edit note':
        return this.onNote(id, (noteId) => org.editNote(noteId, make.note(), write));
      case 'delete note':
        return this.onNote(id, (noteId) => org.deleteNote(noteId, write));
      case 'add artifact':
        return `${org.addArtifact(id, { ...make.artifact(), parent_id: this.someArtifact(id) }, write)[0]?.id} to ${id}`;
      case 'add file artifact': {
        const body = { ...make.fileArtifact(), parent_id: this.someArtifact(id) };
        return `${org.addFileArtifact(id, body, make.file(), write).id} to ${id}`;
      }
      case 'edit artifact':
        return this.onOne(org.artifacts(id), (each) => org.updateArtifact(each, make.artifactDetails(), write));
      case 'delete artifact':
        return this.onOne(org.artifacts(id), (each) => org.deleteArtifact(each, write));
      case 'add attachment':
        return `${org.addAttachment({ incidentId: id }, make.file(), write).id} to ${id}`;
      case 'add task attachment':
        return this.onTask(id, (taskId) => org.addAttachment({ taskId }, make.file(), write));
      case 'delete attachment': {
        const places = this.places(id);
        return this.onOne(
          places.flatMap((place) => org.attachments(place)),
          (each) => org.deleteAttachment(each, write),
        );
      }
      case 'add milestone':
        return `${org.addMilestone(id, make.milestone(), write).id} to ${id}`;
      case 'edit milestone':
        return this.onOne(org.milestones(id), (each) => org.updateMilestone(each, make.milestone(), write));
      case 'delete milestone':
        return this.onOne(org.milestones(id), (each) => org.deleteMilestone(each, write));
      case 'add row': {
        const tables = org.tables();
        if (tables.length === 0) return undefined;
        const table = random.pick(tables);
        return `${org.addRow(id, table, make.cells(table), write).id} to ${table} of ${id}`;
      }
      case 'edit row':
        return this.onOne(org.rows(id), (each) => {
          org.updateRow(each, make.cells(org.row(each).table_name), write);
        });
      case 'delete row':
        return this.onOne(org.rows(id), (each) => org.deleteRow(each, write));
    }
  }

  private close(id: number, write: WriteOptions): string | undefined {
    if (this.org.incident(id).plan_status === 'C') return undefined;
    const resolution = this.random.pick(this.org.labels.all('incident', 'resolution_id'));
    this.org.closeIncident(id, { resolution, summary: richText(this.random) || 'Done' }, write);
    return `${id}`;
  }

  private taskEdit(): Record<string, unknown> {
    const changes = this.make.taskFields(0.2);
    return Object.keys(changes).length === 0 || this.random.chance(0.2)
      ? { ...changes, name: shortText(this.random) }
      : changes;
  }

  private onTask(incidentId: number, act: (taskId: number) => unknown): string | undefined {
    return this.onOne(this.org.tasks(incidentId), act);
  }

  /** Any note of the incident or its tasks, replies included; skips place holders of deleted notes. */
  private onNote(incidentId: number, act: (noteId: number) => unknown): string | undefined {
    const all = (notes: readonly NoteDto[]): NoteDto[] => notes.flatMap((note) => [note, ...all(note.children)]);
    const notes = this.places(incidentId).flatMap((place) => all(this.org.notes(place)));
    return this.onOne(
      notes.filter(({ is_deleted }) => !is_deleted),
      act,
    );
  }

  private onOne(objects: readonly { id: number }[], act: (id: number) => unknown): string | undefined {
    if (objects.length === 0) return undefined;
    const { id } = this.random.pick(objects);
    act(id);
    return `${id}`;
  }

  private places(incidentId: number): ParentRef[] {
    return [{ incidentId }, ...this.org.tasks(incidentId).map(({ id }) => ({ taskId: id }))];
  }

  private someArtifact(incidentId: number): number | null {
    const artifacts = this.org.artifacts(incidentId);
    return artifacts.length > 0 && this.random.chance(0.3) ? this.random.pick(artifacts).id : null;
  }
}
