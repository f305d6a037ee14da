import { asBag } from '../org/bag.js';
import type { Bag } from '../org/bag.js';
import {
  artifactView,
  attachmentView,
  milestoneView,
  noteView,
  noteViews,
  rowView,
  taskView,
} from '../org/objects/views.js';
import type {
  ArtifactRecord,
  AttachmentRecord,
  IncidentRecord,
  MilestoneRecord,
  NoteRecord,
  RowRecord,
  TaskRecord,
} from '../org/records.js';
import { rowCells } from '../org/values/showRow.js';
import { isPlain, showObject } from '../org/values/showValue.js';
import type { Call } from './Call.js';

/** Bodies in the format that the request asks for. */

export function showIncident(call: Call, record: IncidentRecord, withTasks = false): Bag {
  const shown = show(call, 'incident', asBag(record.dto));
  return withTasks ? { ...shown, tasks: Array.from(record.tasks.values(), (task) => showTask(call, task)) } : shown;
}

/** The notes and artifacts that an incident was created with; null stands for none, as without a bundle. */
export function showBundled(call: Call, { notes, artifacts }: IncidentRecord, withIds: boolean): Bag {
  const listed = (objects: readonly Bag[]): readonly Bag[] | null => {
    if (objects.length === 0) return null;
    return withIds ? objects : objects.map(({ id: _, ...others }) => others);
  };
  return {
    comments: listed(Array.from(notes.values(), (note) => showNote(call, note))),
    artifacts: listed(Array.from(artifacts.values(), (artifact) => showArtifact(call, artifact))),
  };
}

export function showTask(call: Call, record: TaskRecord, withNotes = false): Bag {
  const shown = show(call, 'task', taskView(record));
  return withNotes ? { ...shown, notes: noteViews(record.notes).map((note) => showNoteTree(call, note)) } : shown;
}

export function showNote(call: Call, record: NoteRecord): Bag {
  return showNoteTree(call, noteView(record));
}

export function showArtifact(call: Call, record: ArtifactRecord): Bag {
  return show(call, 'artifact', artifactView(record));
}

export function showAttachment(call: Call, record: AttachmentRecord): Bag {
  return show(call, 'attachment', attachmentView(record));
}

export function showMilestone(call: Call, record: MilestoneRecord): Bag {
  return show(call, 'milestone', milestoneView(record));
}

export function showRow(call: Call, record: RowRecord): Bag {
  const row = rowView(record);
  const format = { ...call.format, columnNames: call.format.handles === 'names' };
  if (isPlain(call.format)) return row;
  return { ...row, cells: rowCells(record.table, row, format, call.state.people) };
}

function showNoteTree(call: Call, note: Bag): Bag {
  const shown = show(call, 'note', note);
  return { ...shown, children: (note['children'] as Bag[]).map((child) => showNoteTree(call, child)) };
}

function show(call: Call, type: string, object: Bag): Bag {
  return showObject(object, call.state.schema.type(type), call.format, call.state.people);
}
