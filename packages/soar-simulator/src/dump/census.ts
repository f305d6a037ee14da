import type { OrgState } from '../org/OrgState.js';

/** One object and the value that people know it by. */
export interface CensusEntry {
  readonly type: 'incident' | 'note' | 'artifact' | 'attachment' | 'milestone';
  readonly id: number;
  readonly incidentId: number;
  /** Its name, text, value or title. */
  readonly text: string;
}

/** Every object but the tasks, which the platform also makes itself, and the rows, which have no name. Much cheaper than a dump. */
export function census(org: OrgState): readonly CensusEntry[] {
  const entries: CensusEntry[] = [];
  for (const { dto } of org.incidents.values())
    entries.push({ type: 'incident', id: dto.id, incidentId: dto.id, text: dto.name });
  for (const { dto, incident } of org.notes.values())
    entries.push({ type: 'note', id: dto.id, incidentId: incident.dto.id, text: textOf(dto.text) });
  for (const { dto, incident } of org.artifacts.values())
    entries.push({ type: 'artifact', id: dto.id, incidentId: incident.dto.id, text: textOf(dto.value) });
  for (const { dto, incident } of org.attachments.values())
    entries.push({ type: 'attachment', id: dto.id, incidentId: incident.dto.id, text: dto.name });
  for (const { dto, incident } of org.milestones.values())
    entries.push({ type: 'milestone', id: dto.id, incidentId: incident.dto.id, text: dto.title });
  return entries;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : String(value ?? '');
}
