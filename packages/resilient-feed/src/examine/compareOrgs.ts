import type { SoarObject } from '@soar-feed/core';
import type { ExamineSettings, Findings, Pair } from './Pair.js';

const LIMITS = [
  { name: 'max_attachment_mb', what: 'attachments', unit: ' MB' },
  { name: 'max_artifact_mb', what: 'files of artifacts', unit: ' MB' },
  { name: 'max_artifacts', what: 'artifacts of an incident', unit: '' },
];

/** What the two organizations allow: limits, switches and versions. `constants`: the target's `/const`. */
export function* compareOrgs(
  { client, beyond }: Pair,
  constants: SoarObject | undefined,
  { deleteIncidents }: Pick<ExamineSettings, 'deleteIncidents'>,
): Findings {
  const { org } = client;
  if (!org.attachmentsEnabled) {
    yield {
      ...{ gravity: 'loses', area: 'organization', subject: 'attachments' },
      problem: 'are turned off at the target',
      consequence: 'attachments are refused',
      fix: 'Turn them on in the settings of the organization.',
    };
  }
  if (deleteIncidents && !org.incidentDeletionAllowed) {
    yield {
      ...{ gravity: 'loses', area: 'organization', subject: 'deleting incidents' },
      problem: 'is not allowed at the target, and delete_incidents is on',
      consequence: 'incidents that are deleted at the source stay, and each delete is parked as failed',
      fix: 'Allow it in the settings of the organization, or set delete_incidents=false.',
    };
  }
  if (org.finalPhaseRequired) {
    yield {
      ...{ gravity: 'loses', area: 'organization', subject: 'closing with open tasks' },
      problem: 'is refused at the target',
      consequence: 'an incident that is closed at the source with a required task open stays open',
      fix: 'Turn the setting off at the target.',
    };
  }
  for (const { name, what, unit } of LIMITS) {
    const [at, there] = [beyond.constants?.[name], constants?.[name]];
    if (typeof at !== 'number' || typeof there !== 'number' || there >= at) continue;
    yield {
      ...{ gravity: 'loses', area: 'limit', subject: what },
      problem: `${at}${unit} are allowed at the source, and ${there}${unit} at the target`,
      consequence: 'what is above the limit is refused',
      fix: 'Raise the limit at the target.',
    };
  }
  const [at, there] = [versionOf(beyond.constants), versionOf(constants)];
  if (at !== undefined && there !== undefined && there.major < at.major) {
    yield {
      ...{ gravity: 'note', area: 'version', subject: 'the target' },
      problem: `runs ${there.text}, and the source ${at.text}`,
      consequence: 'built-in fields of the newer version are missing there',
      fix: 'Nothing, unless a finding above matters; upgrade the target then.',
    };
  }
}

function versionOf(constants: SoarObject | undefined): { major: number; text: string } | undefined {
  const version = constants?.['server_version'] as SoarObject | null | undefined;
  const major = version?.['major'];
  return typeof major === 'number' ? { major, text: String(version?.['version'] ?? major) } : undefined;
}
