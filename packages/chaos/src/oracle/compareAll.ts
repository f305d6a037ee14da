import { compareOrgs } from '@soar-feed/soar-simulator';
import type { World } from '../world/World.js';
import type { ExpectedFailure } from './expectedFailures.js';
import type { Finding } from './Finding.js';

/** Compares the two organizations object by object, apart from what the target refuses, or keeps, for good. */
export function compareAll(
  world: World,
  failures: readonly ExpectedFailure[],
  kept: ReadonlyMap<number, number>,
): readonly Finding[] {
  const { source, target, simulator } = world;
  const { missing, doubled, different } = compareOrgs(simulator.dump(source.id), simulator.dump(target.id));
  const refused = new Set(failures.map(({ attachmentId }) => attachmentId));
  const gone = missing.filter(({ type, objectId }) => !(type === 'attachment' && refused.has(objectId)));
  // A restored source gives an artifact its parent back; the target accepts a parent only at creation (guarantees.md).
  const settled = different.filter(
    ({ type, field, target: parent }) =>
      !(world.restored && type === 'artifact' && field === 'parent' && parent === 'null'),
  );
  const left = new Map(world.restored ? kept : []);
  const twice = doubled.filter(({ type, incidentId }) => {
    const count = left.get(incidentId) ?? 0;
    if (type !== 'task' || count === 0) return true;
    left.set(incidentId, count - 1);
    return false;
  });
  return [
    ...gone.map(
      (each) =>
        `missing in the target: ${each.type} ${each.objectId} "${each.object}" of incident ${each.incidentId} "${each.incident}"`,
    ),
    ...twice.map(
      (each) =>
        `doubled in the target: ${each.type} ${each.objectId} "${each.object}" of its incident ${each.incidentId} "${each.incident}"`,
    ),
    ...settled.map(
      (each) =>
        `different: ${each.type} ${each.objectId} (target ${each.targetId}) "${each.object}" of incident ${each.incidentId}, ${each.field}: ${each.source} / ${each.target}`,
    ),
  ].map((text): Finding => ({ check: 'equal', text }));
}
