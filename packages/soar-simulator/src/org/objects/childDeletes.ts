import type { Change } from '../Journal.js';
import type { IncidentRecord } from '../records.js';
import { asBag } from '../bag.js';
import { allNotes } from './allNotes.js';
import { artifactView, attachmentView, emailView, milestoneView, noteView, rowView, taskView } from './views.js';

/** For the switch `childDeleteMessages`: one change for each object that is deleted with its incident. */
export function* childDeletes(incident: IncidentRecord): Iterable<Change> {
  const gone = { operation: 'deleted' as const, incident, task: null };
  for (const [id, task] of incident.tasks)
    yield { ...gone, task, type: 'task', id, object: () => asBag(taskView(task)) };
  for (const note of allNotes(incident.notes))
    yield { ...gone, type: 'note', id: note.dto.id, object: () => noteView(note) };
  for (const [id, artifact] of incident.artifacts)
    yield { ...gone, type: 'artifact', id, object: () => artifactView(artifact) };
  for (const [id, attachment] of incident.attachments)
    yield { ...gone, type: 'attachment', id, object: () => attachmentView(attachment) };
  for (const [id, email] of incident.emails)
    yield { ...gone, type: '__emailmessage', id, object: () => emailView(email) };
  for (const [id, milestone] of incident.milestones)
    yield { ...gone, type: 'milestone', id, object: () => milestoneView(milestone) };
  for (const [id, row] of incident.rows) yield { ...gone, type: row.table.name, id, object: () => rowView(row) };
}
