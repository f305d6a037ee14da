import type { OrgState } from '../org/OrgState.js';
import { allNotes } from '../org/objects/allNotes.js';
import type { StoredFile } from '../org/StoredFile.js';
import type { SavedFile, SavedOrg } from './SavedOrg.js';

/** A copy of everything in the org now; later writes do not change it. */
export function saveOrg(org: OrgState): SavedOrg {
  const incidents = [...org.incidents.values()];
  return structuredClone({
    id: org.options.id,
    nextIds: org.ids.upcoming,
    incidents: incidents.map(({ dto }) => dto),
    tasks: incidents.flatMap(({ dto: { id: incident }, tasks }) =>
      Array.from(tasks.values(), ({ dto }) => ({ incident, dto })),
    ),
    notes: incidents
      .flatMap(({ notes, tasks }) => [notes, ...Array.from(tasks.values(), (task) => task.notes)])
      .flatMap((notes) => [...allNotes(notes)])
      .map(({ incident, task, parent, dto }) => ({
        incident: incident.dto.id,
        task: task?.dto.id ?? null,
        parent: parent?.dto.id ?? null,
        dto,
      })),
    artifacts: Array.from(org.artifacts.values(), ({ incident, dto, file }) => ({
      incident: incident.dto.id,
      dto,
      file: file && saveFile(file),
    })),
    attachments: Array.from(org.attachments.values(), ({ incident, task, dto, file }) => ({
      incident: incident.dto.id,
      task: task?.dto.id ?? null,
      dto,
      file: saveFile(file),
    })),
    milestones: Array.from(org.milestones.values(), ({ incident, dto }) => ({ incident: incident.dto.id, dto })),
    emails: Array.from(org.emails.values(), ({ incident, dto }) => ({ incident: incident.dto.id, dto })),
    rows: Array.from(org.rows.values(), ({ incident, table, id, version, values }) => ({
      incident: incident.dto.id,
      table: table.name,
      id,
      version,
      values: [...values],
    })),
  });
}

function saveFile(file: StoredFile): SavedFile {
  return { name: file.name, contentType: file.contentType, base64: file.bytes().toString('base64') };
}
