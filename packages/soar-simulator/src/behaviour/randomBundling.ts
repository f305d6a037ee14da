import { Random } from '../seed/Random.js';
import type { Behaviour } from './Behaviour.js';
import { switchPositions } from './positions.js';

/**
 * What a platform does with the notes and artifacts inside the create of an incident, drawn from a seed. It has numbers of
 * its own, so that what else is drawn from the same seed does not depend on it.
 */
export function randomBundling(seed: number): Pick<Behaviour, 'wantedTasks' | 'bundledObjects' | 'bundledAnswer'> {
  const random = new Random(seed * 104_729 + 5);
  const others = switchPositions.bundledObjects.filter((position) => position !== 'taken');
  return {
    wantedTasks: random.pick(['answered', 'answered', 'ignored']),
    bundledObjects: random.pick(['taken', 'taken', 'taken', 'taken', ...others]),
    bundledAnswer: random.pick(['shown', 'shown', 'omitted', 'without-ids']),
  };
}
