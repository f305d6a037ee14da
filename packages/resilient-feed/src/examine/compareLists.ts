import type { Finding, SoarObject } from '@soar-feed/core';
import { emailsOf } from '../fields/emailsOf.js';
import { labelsOf } from './compareOptions.js';
import type { Findings, Pair } from './Pair.js';

/** People, workspaces, incident types, phases and artifact types: what the source uses by name. */
export function* compareLists(pair: Pair): Findings {
  const { target, lacks } = pair;
  const labels = (type: string, field: string): readonly string[] =>
    labelsOf(pair.source.find(({ name }) => name === type)?.fields.get(field));
  const lacking = (type: string, field: string): readonly string[] =>
    labels(type, field).filter((label) => target.optionId(type, field, label) === undefined);

  const offered = ['owner_id', 'members'].flatMap((name) => [
    ...(pair.source
      .find((type) => type.name === 'incident')
      ?.fields.get(name)
      ?.options.values() ?? []),
  ]);
  // The login of the feed is offered as an owner, and owns nothing.
  const others = offered.filter(({ enabled, value }) => enabled && value !== pair.principalId);
  const people = [...new Set(others.map(({ label }) => label))];
  const strangers = people.filter((label) => target.personId(label) === undefined);
  const users = strangers.filter((label) => emailsOf(label).length > 0);
  yield* listed('user', users, {
    gravity: 'loses',
    problem: 'are no active users of the target',
    consequence: 'what they own there has no owner, and they are missing among members and in fields',
    fix: 'Add users with these e-mail addresses, or activate them.',
  });
  yield* listed(
    'group',
    strangers.filter((label) => !users.includes(label)),
    {
      gravity: 'loses',
      problem: 'are no groups (or API keys) of the target',
      consequence: 'what they own there has no owner, and they are missing among members and in fields',
      fix: 'Add groups with these names.',
    },
  );
  yield* listed(
    'workspace',
    labels('incident', 'workspace').filter((label) => target.workspaceId(label) === undefined),
    {
      gravity: 'changes',
      problem: 'are no workspaces of the target',
      consequence: 'their incidents are made in the default workspace, where others may see them',
      fix: 'Add workspaces with these names, or route them elsewhere with [feeds] workspaces.',
    },
  );
  const types = lacking('incident', 'incident_type_ids');
  for (const name of types) lacks.incidentType(name);
  yield* listed('incident type', types, {
    gravity: 'loses',
    problem: 'are no enabled incident types of the target',
    consequence: 'their incidents arrive without the type',
    fix: 'Add or enable them.',
  });
  const phases = lacking('task', 'phase_id');
  for (const name of phases) lacks.phase(name);
  yield* listed('phase', phases, {
    gravity: 'loses',
    problem: 'are no phases of the target',
    consequence: 'their tasks arrive in the default phase',
    fix: 'Add them.',
  });
  yield* artifactTypes(pair, labels('artifact', 'type'));
}

function* artifactTypes({ target, lacks, beyond, source }: Pair, labels: readonly string[]): Findings {
  const listedAt = new Map((beyond.artifactTypes ?? []).map((type) => [String(type['name']), type]));
  const absent = labels.filter((label) => target.artifactType(label) === undefined);
  for (const name of absent) lacks.artifactType(name, listedAt.get(name) ?? ({ name } as SoarObject));
  yield* listed('artifact type', absent, {
    gravity: 'loses',
    problem: 'are no enabled artifact types of the target',
    consequence: 'their artifacts arrive as strings, and files of theirs not at all',
    fix: 'Add or enable them.',
  });
  const options =
    source
      .find(({ name }) => name === 'artifact')
      ?.fields.get('type')
      ?.options.values() ?? [];
  const once = [...options]
    .filter(
      ({ label, properties }) =>
        properties?.['allow_duplicate'] === true && target.artifactType(label)?.allowDuplicate === false,
    )
    .map(({ label }) => label);
  yield* listed('artifact type', once, {
    gravity: 'changes',
    problem: 'may be given twice at the source, and only once at the target',
    consequence: 'equal artifacts of an incident become one',
    fix: 'Allow duplicates for these types at the target.',
  });
  const files = labels.filter(
    (label) => listedAt.get(label)?.['file'] === true && target.artifactType(label)?.file === false,
  );
  yield* listed('artifact type', files, {
    gravity: 'loses',
    problem: 'hold files at the source, and not at the target',
    consequence: 'their files are refused',
    fix: 'Replace them at the target by types for files.',
  });
}

function* listed(area: string, names: readonly string[], about: Omit<Finding, 'area' | 'subject' | 'names'>): Findings {
  if (names.length > 0) yield { area, subject: `${names.length} of them`, ...about, names };
}
