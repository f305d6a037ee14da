import type { Finding, SoarObject } from '@soar-feed/core';
import type { Findings } from './Pair.js';

/** What the feed does to an incident, by the permission that IncidentDTO shows for it. */
const NEEDED: readonly (readonly [permission: string, gravity: Finding['gravity'], consequence: string])[] = [
  ['write', 'blocks', 'changes of incidents are refused'],
  ['comment', 'loses', 'notes are refused'],
  ['assign', 'loses', 'owners are refused'],
  ['close', 'loses', 'incidents cannot be closed'],
  ['change_members', 'loses', 'members are refused'],
  ['attach_file', 'loses', 'attachments are refused'],
  ['delete_attachments', 'loses', 'deleted attachments stay'],
  ['create_milestones', 'loses', 'milestones are refused'],
  ['create_artifacts', 'loses', 'artifacts are refused'],
  ['list_artifacts', 'loses', 'artifacts cannot be found again'],
  ['read_attachments', 'loses', 'attachments cannot be found again'],
  ['list_milestones', 'loses', 'milestones cannot be found again'],
];

/** What the account may not do to one incident of the target that it sees; without one, nothing can be said. */
export function* comparePermissions(incident: SoarObject | undefined, deleteIncidents: boolean): Findings {
  const perms = (incident?.['perms'] ?? undefined) as SoarObject | undefined;
  if (perms === undefined) return;
  const needed = deleteIncidents ? [...NEEDED, ['delete', 'loses', 'deleted incidents stay'] as const] : NEEDED;
  for (const [permission, gravity, consequence] of needed) {
    if (perms[permission] !== false) continue;
    yield {
      ...{ gravity, area: 'permission', subject: permission, consequence },
      problem: `the account of the target does not have it (incident ${String(incident?.['id'])})`,
      fix: 'Give its API key or role the permission.',
    };
  }
}
