import type { OrgState } from '../org/OrgState.js';
import { keepArtifact } from '../org/objects/Artifacts.js';
import type { IncidentRecord, NoteRecord, TaskRecord } from '../org/records.js';
import { emptyIncident } from '../org/records.js';
import { StoredFile } from '../org/StoredFile.js';
import type { SavedFile, SavedOrg } from './SavedOrg.js';

/** Restores a saved state of an org: newer objects are gone, and objects that were deleted since exist again. */
export function loadOrg(org: OrgState, saved: SavedOrg): void {
  if (saved.id !== org.options.id) throw new Error(`This is a state of the org ${saved.id}, not of ${org.options.id}.`);
  const { incidents, tasks, notes, artifacts, attachments, milestones, emails, rows, files } = org;
  for (const each of [incidents, tasks, notes, artifacts, attachments, milestones, emails, rows, files]) each.clear();
  const { incidents: dtos, ...children } = structuredClone(saved);
  for (const dto of dtos) incidents.set(dto.id, emptyIncident(dto));
  const incidentOf = ({ incident }: { incident: number }): IncidentRecord => org.incident(incident);
  const taskOf = ({ task }: { task: number | null }): TaskRecord | null => (task === null ? null : org.task(task));
  for (const each of children.tasks) {
    const incident = incidentOf(each);
    const record = { incident, dto: each.dto, notes: new Map(), attachments: new Map() };
    incident.tasks.set(each.dto.id, record);
    tasks.set(each.dto.id, record);
  }
  for (const each of children.notes) {
    const [incident, task] = [incidentOf(each), taskOf(each)];
    const parent = each.parent === null ? null : (notes.get(each.parent) ?? null);
    const record: NoteRecord = { incident, task, parent, children: new Map(), dto: each.dto };
    (parent?.children ?? task?.notes ?? incident.notes).set(each.dto.id, record);
    notes.set(each.dto.id, record);
  }
  for (const each of children.artifacts) {
    const file = each.file && loadFile(each.file);
    if (file && each.dto.attachment) files.set(each.dto.attachment.id, file);
    keepArtifact(org, { incident: incidentOf(each), dto: each.dto, file });
  }
  for (const each of children.attachments) {
    const [incident, task] = [incidentOf(each), taskOf(each)];
    const record = { incident, task, dto: each.dto, file: loadFile(each.file) };
    (task ?? incident).attachments.set(each.dto.id, record);
    attachments.set(each.dto.id, record);
    files.set(each.dto.id, record.file);
  }
  for (const each of children.milestones) {
    const record = { incident: incidentOf(each), dto: each.dto };
    record.incident.milestones.set(each.dto.id, record);
    milestones.set(each.dto.id, record);
  }
  for (const each of children.emails ?? []) {
    const record = { incident: incidentOf(each), dto: each.dto };
    record.incident.emails.set(each.dto.id, record);
    emails.set(each.dto.id, record);
  }
  for (const { table, id, version, values, ...rest } of children.rows) {
    const incident = incidentOf(rest);
    const record = { incident, table: org.schema.type(table), id, version, values: new Map(values) };
    incident.rows.set(id, record);
    rows.set(id, record);
  }
}

function loadFile({ name, contentType, base64 }: SavedFile): StoredFile {
  return new StoredFile(name, contentType, [Buffer.from(base64, 'base64')]);
}
