import type { Random } from '@soar-feed/soar-simulator';
import type { Step } from '../plan/Story.js';
import type { Kind } from './Kind.js';

/** Below the organization, by what is written there. */
const PLACES = [
  ['/incidents', '/incidents/*'],
  ['/incidents/*/tasks', '/tasks/*'],
  ['/incidents/*/comments', '/incidents/*/comments/**'],
  ['/tasks/*/comments', '/tasks/*/comments/**'],
  ['/incidents/*/artifacts', '/incidents/*/artifacts/**'],
  ['/incidents/*/attachments', '/tasks/*/attachments'],
  ['/incidents/*/milestones', '/incidents/*/milestones/**'],
  ['/incidents/*/table_data/**'],
] as const;

/**
 * The target refuses for a while to write objects of some types: a rule, a field that became required, a permission. Meanwhile,
 * incidents are deleted. What failed is tried again by a person, once all is quiet.
 */
export const refusals: Kind = (random, workMs) => ({
  steps: Array.from({ length: random.integer(1, 3) }, () => {
    const atMs = random.integer(0, workMs);
    const removed: Step = { atMs: atMs + random.integer(0, 30_000), do: 'remove', seed: random.integer(1, 1_000_000) };
    return [...refusal(random, atMs), ...(random.chance(0.4) ? [removed] : [])];
  }).flat(),
});

function refusal(random: Random, atMs: number): readonly Step[] {
  const forMs = random.integer(2_000, 30_000);
  const drawn = random.pick([0.5, 1]);
  const status = random.pick([400, 400, 400, 403]);
  const paths = random.pick(PLACES);
  // Now and then would look as if the target refused to move incidents to another workspace, and they would be written without that.
  const probability = paths[0] === '/incidents' ? 1 : drawn;
  const methods = random.pick([['POST'], ['PUT', 'PATCH'], ['POST', 'PUT', 'PATCH']] as const);
  return paths.flatMap((path) =>
    methods.map((method): Step => ({
      atMs,
      do: 'fault',
      side: 'target',
      forMs,
      fault: { method, path, status, probability },
      // What failed stays failed until somebody has it tried again.
      refuses: true,
    })),
  );
}
