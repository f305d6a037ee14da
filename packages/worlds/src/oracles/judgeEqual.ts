import { compareOrgs } from '@soar-feed/soar-simulator';
import type { Difference, DumpIncident, Finding as Unpaired, OrgDump } from '@soar-feed/soar-simulator';
import { UNMATCHED } from '../world/changeHands.js';
import type { World } from '../world/World.js';
import type { Dumps } from './Dumps.js';
import type { Finding } from './Finding.js';
import { isUndecided } from './judgeState.js';
import { hiddenBy, leftByRestore, madeAgain, renamedBack } from './OldMapping.js';
import { leftBehind } from './leftBehind.js';
import type { State } from './State.js';
import { EXCLUDED_FIELD } from '../world/siteConfig.js';

/** What the replica says of a task that its platform made itself and lets nobody delete. */
const KEPT = 'the platform keeps this task';

/** When all is quiet, the target is a replica of the source. */
export function judgeEqual(world: World, state: State, { source, target }: Dumps): readonly Finding[] {
  const { restored, story, counts } = world;
  const matched = source.incidents.filter((each) => story.site.filtered !== true || isMatched(each));
  const unmatched = source.incidents.filter((each) => !matched.includes(each)).map(({ id }) => id);
  const isLoaded = story.seeding !== 'unseen' || story.site.reload;
  const fed = { ...source, incidents: isLoaded ? matched : matched.filter(({ id }) => world.heard.has(id)) };
  const compared = compareOrgs(fed, target, { ignoreFields: [`incident.properties.${EXCLUDED_FIELD}`] });
  const open = new Set([...undecidedIncidents(world, state), ...leftIncidents(world, unmatched, target)]);
  const { old } = world.mapping;
  const isRenamedBack = old === undefined ? () => false : renamedBack(old);
  const [missing, doubled] = [compared.missing, compared.doubled].map((found) =>
    found.filter((each) => !open.has(each.incidentId) && !isRenamedBack(each)),
  ) as [Unpaired[], Unpaired[]];
  const isHidden = old === undefined ? () => false : hiddenBy(old, fed);
  const isMadeAgain = old === undefined ? () => false : madeAgain(old);
  const different = compared.different.filter((each) => !open.has(each.incidentId) && !isHidden(each));
  const copy = (counts['lose-rows'] ?? 0) > 0 ? undefined : old;
  const isLeft = restored && world.hasLostRows ? leftByRestore(copy) : () => false;
  const left = restored ? keptTasks(state) : new Map<number, number>();
  const twice = doubled.filter((each) => {
    if (isMadeAgain(each) || isLeft(each)) return false;
    const { type, incidentId } = each;
    // It is the counterpart of a restored task, and the platform made its own beside it.
    if (restored && hasTwinOfPlatform(target, each)) return false;
    const count = left.get(incidentId) ?? 0;
    if (type !== 'task' || count === 0) return true;
    left.set(incidentId, count - 1);
    return false;
  });
  // A restored source gives an artifact its parent back; the target accepts a parent only at creation (guarantees.md).
  const parents = different.filter(
    ({ type, field, target: parent }) => restored && type === 'artifact' && field === 'parent' && parent === 'null',
  );
  // A target that refused to move an incident is not asked again before the next move (it may need a permission).
  const isUnmoved = ({ type, field }: Difference): boolean =>
    type === 'incident' && field === 'workspace' && (counts['log target.workspace-refused'] ?? 0) > 0;
  return [
    ...missing.map(
      (each) => `missing in the target: ${each.type} ${each.objectId} "${each.object}" of ${each.incidentId}`,
    ),
    ...twice.map(
      (each) => `too much in the target: ${each.type} ${each.objectId} "${each.object}" of ${each.incidentId}`,
    ),
    ...different
      .filter((each) => !parents.includes(each) && !isUnmoved(each))
      .map(
        (each) =>
          `different: ${each.type} ${each.objectId} (target ${each.targetId}), ${each.field}: ${each.source} / ${each.target}`,
      ),
  ].map((text) => ({ check: 'equal', text }));
}

/** As the filter of the site says. */
function isMatched({ labels }: DumpIncident): boolean {
  return (labels['properties'] as Readonly<Record<string, unknown>>)['risk_level'] !== UNMATCHED;
}

/** What nobody takes out of the target, by their ids in both organizations: what was in a workspace that does not feed it. */
function leftIncidents(
  { workspaces, counts, story }: World,
  unmatched: readonly number[],
  target: OrgDump,
): readonly number[] {
  const left = new Set(leftBehind(workspaces, 'Red Team'));
  // Without references, which incident of the target it was need not be known any more when it ceases to match.
  if ((counts['lose-mapping'] ?? 0) > 0 && !story.site.references) for (const id of unmatched) left.add(id);
  const counterparts = target.incidents.filter(({ ids }) =>
    left.has(Number((ids['properties'] as Readonly<Record<string, unknown>>)['df_inc_id'])),
  );
  return [...left, ...counterparts.map(({ id }) => id)];
}

/** Whose objects a person must tell apart, because the mapping was lost while they were changed. */
function undecidedIncidents({ hasLostRows }: World, { parked }: State): ReadonlySet<number> {
  if (!hasLostRows) return new Set();
  return new Set(parked.filter(isUndecided).map(({ object_key: key }) => Number(key.split('/')[1])));
}

/** Whether the target's platform made one of several tasks itself that are called as this one. */
function hasTwinOfPlatform({ incidents }: OrgDump, { type, objectId, object }: Unpaired): boolean {
  if (type !== 'task') return false;
  const beside = incidents.find(({ tasks }) => tasks.some(({ id }) => id === objectId))?.tasks ?? [];
  const equals = beside.filter(({ ids }) => ids['name'] === object);
  return equals.length > 1 && equals.some(({ ids }) => ids['custom'] === false);
}

/** How many tasks of each source incident the target keeps although they are gone at the source. */
function keptTasks({ outcomes }: State): Map<number, number> {
  const kept = new Map<number, Set<string>>();
  for (const { object_key: key, reason } of outcomes) {
    if (reason?.startsWith(KEPT) !== true) continue;
    const incidentId = Number(key.split('/')[1]);
    kept.set(incidentId, (kept.get(incidentId) ?? new Set()).add(key));
  }
  return new Map([...kept].map(([incidentId, keys]) => [incidentId, keys.size]));
}
