import type { DumpIncident, OrgDump } from '../dump/OrgDump.js';
import type { CompareOptions } from './CompareOptions.js';
import type { Comparison, TypeCount } from './Comparison.js';
import { Findings } from './Findings.js';
import { IncidentComparer } from './IncidentComparer.js';
import { countNotes } from './noteTree.js';
import { pairUp } from './pairUp.js';
import { SchemaFit } from './SchemaFit.js';

/**
 * Checks object by object whether the target is a replica of the source. It uses only the two dumps, no mapping.
 * Incidents are paired by their `df_inc_id` reference or, without one, by name and discovered date; their children by
 * content, with labels in place of ids. Each object is paired at most once. `inherentDifferences` lists what may
 * differ.
 */
export function compareOrgs(source: OrgDump, target: OrgDump, options: CompareOptions = {}): Comparison {
  const comparer = new IncidentComparer(
    new SchemaFit(source.schema, target.schema, new Set(options.ignoreFields)),
    options,
  );
  const found = new Findings();
  const expected = new Set(source.incidents.filter((incident) => options.expected?.(incident) ?? true));
  const own = new Set(
    target.incidents.filter((incident) => options.ownOfTarget?.(incident) ?? isFromElsewhere(incident, source.org.id)),
  );
  if (own.size > 0) found.explain('other-source', own.size);
  for (const incident of source.incidents) {
    count(incident, 'source', found);
    if (!expected.has(incident)) count(incident, 'sourceOnly', found);
  }
  for (const incident of target.incidents) {
    count(incident, 'target', found);
    if (own.has(incident)) count(incident, 'targetOnly', found);
  }

  const replicas = target.incidents.filter((incident) => !own.has(incident));
  const { pairs, missing, surplus } = pairIncidents([...expected], replicas, comparer);
  for (const [incident, replica] of pairs) found.take(comparer.compare(incident, replica));
  for (const incident of missing) found.addMissing('incident', incident);
  for (const incident of surplus) found.addDoubled('incident', incident);
  return found.result();
}

/**
 * References are certain, so they come first. Name and date distinguish the other incidents; if those are equal too,
 * the whole content decides.
 */
function pairIncidents(sources: readonly DumpIncident[], targets: readonly DumpIncident[], comparer: IncidentComparer) {
  const byReference = new Map<unknown, DumpIncident>();
  for (const incident of targets) {
    const reference = property(incident, 'df_inc_id');
    if (reference !== null && !byReference.has(reference)) byReference.set(reference, incident);
  }
  const referenced = sources.filter(({ id }) => byReference.has(id));
  const first = referenced.map((incident) => [incident, byReference.get(incident.id) as DumpIncident] as const);
  const taken = new Set(first.map(([, replica]) => replica));

  const sameName = (a: DumpIncident, b: DumpIncident) => a.labels['name'] === b.labels['name'];
  const sameDate = (a: DumpIncident, b: DumpIncident) => a.labels['discovered_date'] === b.labels['discovered_date'];
  const sameKey = (a: DumpIncident, b: DumpIncident) => sameName(a, b) && sameDate(a, b);
  const sameWhole = (a: DumpIncident, b: DumpIncident) => sameKey(a, b) && comparer.compare(a, b).clean;
  const others = pairUp(
    sources.filter(({ id }) => !byReference.has(id)),
    targets.filter((incident) => property(incident, 'df_inc_id') === null),
    [sameWhole, sameKey, sameDate, sameName],
  );
  const pairs = [...first, ...others.pairs];
  const claimed = new Set([...taken, ...others.pairs.map(([, replica]) => replica)]);
  return { pairs, missing: others.missing, surplus: targets.filter((incident) => !claimed.has(incident)) };
}

function isFromElsewhere(incident: DumpIncident, sourceOrgId: number): boolean {
  const orgId = property(incident, 'df_org_id');
  return orgId !== null && orgId !== sourceOrgId;
}

function property({ labels }: DumpIncident, name: string): unknown {
  return (labels['properties'] as Record<string, unknown> | undefined)?.[name] ?? null;
}

function count(incident: DumpIncident, which: keyof TypeCount, found: Findings): void {
  const { tasks, notes, artifacts, attachments, milestones, rows } = incident;
  found.count('incident', which);
  found.count('task', which, tasks.length);
  found.count('note', which, countNotes(notes) + tasks.reduce((sum, task) => sum + countNotes(task.notes), 0));
  found.count('artifact', which, artifacts.length);
  found.count('attachment', which, attachments.length + tasks.reduce((sum, task) => sum + task.attachments.length, 0));
  found.count('milestone', which, milestones.length);
  for (const { table } of rows) found.count(table, which);
}
