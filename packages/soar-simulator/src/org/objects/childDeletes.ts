import type { Change } from '../Journal.js';
import type { IncidentRecord } from '../records.js';
import { artifactView, attachmentView, milestoneView, noteView, rowView } from './views.js';

/** For the switch `childDeleteMessages`: one change per object that goes with its incident. */
export function* childDeletes(incident: IncidentRecord): Iterable<Change> {
  const gone = { operation: 'deleted' as const, incident, task: null };
  for (const [id, note] of incident.notes) yield { ...gone, type: 'note', id, object: () => noteView(note) };
  for (const [id, artifact] of incident.artifacts)
    yield { ...gone, type: 'artifact', id, object: () => artifactView(artifact) };
  for (const [id, attachment] of incident.attachments)
    yield { ...gone, type: 'attachment', id, object: () => attachmentView(attachment) };
  for (const [id, milestone] of incident.milestones)
    yield { ...gone, type: 'milestone', id, object: () => milestoneView(milestone) };
  for (const [id, row] of incident.rows) yield { ...gone, type: row.table.name, id, object: () => rowView(row) };
}
