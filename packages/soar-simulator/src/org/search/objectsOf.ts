import type { Bag } from '../bag.js';
import { asBag } from '../bag.js';
import {
  artifactView,
  attachmentView,
  emailView,
  milestoneView,
  noteView,
  rowView,
  taskView,
} from '../objects/views.js';
import type { IncidentRecord, NoteRecord } from '../records.js';
import type { TypeDef } from '../schema/TypeDef.js';

export interface Found {
  /** Type name; `datatable` for every data table. */
  readonly kind: string;
  readonly id: number;
  readonly name: string;
  readonly incident: IncidentRecord;
  /** Only for a row of a data table. */
  readonly table?: TypeDef;
  /** As a plain GET shows it. */
  readonly object: () => Bag;
}

/** All objects of an incident: the incident itself, notes of tasks and replies included. */
export function* objectsOf(incident: IncidentRecord): Iterable<Found> {
  const { dto } = incident;
  yield { kind: 'incident', id: dto.id, name: dto.name, incident, object: () => asBag(dto) };
  yield* notesOf(incident.notes);
  for (const [id, task] of incident.tasks) {
    yield { kind: 'task', id, name: task.dto.name, incident, object: () => asBag(taskView(task)) };
    yield* notesOf(task.notes);
    for (const [attachmentId, attachment] of task.attachments)
      yield {
        kind: 'attachment',
        id: attachmentId,
        name: attachment.dto.name,
        incident,
        object: () => attachmentView(attachment),
      };
  }
  for (const [id, artifact] of incident.artifacts)
    yield { kind: 'artifact', id, name: artifact.dto.value, incident, object: () => artifactView(artifact) };
  for (const [id, attachment] of incident.attachments)
    yield { kind: 'attachment', id, name: attachment.dto.name, incident, object: () => attachmentView(attachment) };
  for (const [id, milestone] of incident.milestones)
    yield { kind: 'milestone', id, name: milestone.dto.title, incident, object: () => milestoneView(milestone) };
  for (const [id, email] of incident.emails)
    yield { kind: '__emailmessage', id, name: email.dto.subject, incident, object: () => emailView(email) };
  for (const [id, row] of incident.rows) {
    const { table } = row;
    yield { kind: 'datatable', id, name: table.label, incident, table, object: () => rowView(row) };
  }
}

function* notesOf(notes: ReadonlyMap<number, NoteRecord>): Iterable<Found> {
  for (const [id, note] of notes) {
    yield { kind: 'note', id, name: note.dto.text ?? '', incident: note.incident, object: () => noteView(note) };
    yield* notesOf(note.children);
  }
}
