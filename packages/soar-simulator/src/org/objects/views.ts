import type { ArtifactDto } from '../dto/ArtifactDto.js';
import type { AttachmentDto } from '../dto/AttachmentDto.js';
import type { EmailDto } from '../dto/EmailDto.js';
import type { MilestoneDto } from '../dto/MilestoneDto.js';
import type { NoteDto } from '../dto/NoteDto.js';
import type { CellDto, RowDto } from '../dto/RowDto.js';
import type { TaskDto } from '../dto/TaskDto.js';
import type {
  ArtifactRecord,
  AttachmentRecord,
  IncidentRecord,
  EmailRecord,
  MilestoneRecord,
  NoteRecord,
  RowRecord,
  TaskRecord,
} from '../records.js';

/** Bodies as a plain GET returns them: the record's own values, and those that come from the objects above it. */

export function taskView(record: TaskRecord): TaskDto {
  return {
    ...record.dto,
    inc_name: record.incident.dto.name,
    inc_owner_id: record.incident.dto.owner_id,
    notes_count: countNotes(record.notes),
    attachments_count: record.attachments.size,
  };
}

export function noteView(record: NoteRecord): NoteDto {
  return { ...record.dto, ...incidentPart(record), ...taskPart(record), children: noteViews(record.children) };
}

export function noteViews(notes: ReadonlyMap<number, NoteRecord>): NoteDto[] {
  return Array.from(notes.values(), noteView);
}

export function artifactView(record: ArtifactRecord): ArtifactDto {
  return { ...record.dto, ...incidentPart(record) };
}

export function attachmentView(record: AttachmentRecord): AttachmentDto {
  return { ...record.dto, vers: record.incident.dto.vers, ...incidentPart(record), ...taskPart(record) };
}

export function milestoneView(record: MilestoneRecord): MilestoneDto {
  return { ...record.dto };
}

export function emailView(record: EmailRecord): EmailDto {
  return { ...record.dto };
}

export function rowView(record: RowRecord): RowDto {
  const cells: Record<string, CellDto> = {};
  for (const column of record.table.fields.values()) {
    const value = record.values.get(column.id);
    const cell: CellDto = { id: String(column.id), row_id: record.id };
    // The platform omits `value` for an empty cell.
    if (value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0)) cell.value = value;
    cells[column.id] = cell;
  }
  return {
    id: record.id,
    type_id: record.table.id,
    table_name: record.table.name,
    ...incidentPart(record),
    version: record.version,
    cells,
    actions: [],
    playbooks: [],
  };
}

function incidentPart({ incident }: { incident: IncidentRecord }) {
  return { inc_id: incident.dto.id, inc_name: incident.dto.name, inc_owner: incident.dto.owner_id };
}

function taskPart({ task }: { task: TaskRecord | null }) {
  return {
    task_id: task?.dto.id ?? null,
    task_name: task?.dto.name ?? null,
    task_custom: task?.dto.custom ?? null,
    task_members: task?.dto.members ?? null,
    task_at_id: task?.dto.at_id ?? null,
  };
}

function countNotes(notes: ReadonlyMap<number, NoteRecord>): number {
  let count = 0;
  for (const note of notes.values()) count += 1 + countNotes(note.children);
  return count;
}

/** Copies of all records, in the form in which they are shown. */
export function views<K, T, V>(records: ReadonlyMap<K, T>, view: (record: T) => V): V[] {
  return structuredClone(Array.from(records.values(), view));
}
