import { compareOrgs } from '@soar-feed/soar-simulator';
import type { Finding as Unpaired } from '@soar-feed/soar-simulator';
import type { World } from '../world/World.js';
import type { Finding } from './Finding.js';
import { isUndecided } from './judgeState.js';
import type { State } from './State.js';
import { EXCLUDED_FIELD } from '../world/siteConfig.js';

/** What the replica says of a task that its platform made itself and lets nobody delete. */
const KEPT = 'the platform keeps this task';

/** When all is quiet, the target is a replica of the source. */
export function judgeEqual(world: World, state: State): readonly Finding[] {
  const { source, target, simulator, restored } = world;
  const dumps = [simulator.dump(source.id), simulator.dump(target.id)] as const;
  const compared = compareOrgs(...dumps, { ignoreFields: [`incident.properties.${EXCLUDED_FIELD}`] });
  const open = undecidedIncidents(world, state);
  const [missing, doubled] = [compared.missing, compared.doubled].map((found) =>
    found.filter(({ incidentId }) => !open.has(incidentId)),
  ) as [Unpaired[], Unpaired[]];
  const different = compared.different.filter(({ incidentId }) => !open.has(incidentId));
  const left = restored ? keptTasks(state) : new Map<number, number>();
  const twice = doubled.filter(({ type, incidentId }) => {
    const count = left.get(incidentId) ?? 0;
    if (type !== 'task' || count === 0) return true;
    left.set(incidentId, count - 1);
    return false;
  });
  // A restored source gives an artifact its parent back; the target accepts a parent only at creation (guarantees.md).
  const parents = different.filter(
    ({ type, field, target: parent }) => restored && type === 'artifact' && field === 'parent' && parent === 'null',
  );
  return [
    ...missing.map(
      (each) => `missing in the target: ${each.type} ${each.objectId} "${each.object}" of ${each.incidentId}`,
    ),
    ...twice.map(
      (each) => `too much in the target: ${each.type} ${each.objectId} "${each.object}" of ${each.incidentId}`,
    ),
    ...different
      .filter((each) => !parents.includes(each))
      .map(
        (each) =>
          `different: ${each.type} ${each.objectId} (target ${each.targetId}), ${each.field}: ${each.source} / ${each.target}`,
      ),
  ].map((text) => ({ check: 'equal', text }));
}

/** Whose objects a person must tell apart, because the mapping was lost while they were changed. */
function undecidedIncidents({ counts }: World, { parked }: State): ReadonlySet<number> {
  if ((counts['lose-mapping'] ?? 0) === 0) return new Set();
  return new Set(parked.filter(isUndecided).map(({ object_key: key }) => Number(key.split('/')[1])));
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
