import type { World } from '../world/World.js';
import type { Finding } from './Finding.js';

/**
 * A server that ignores what is inside the create of an incident is soon sent no more of it: after one create for notes and one for
 * artifacts, and those that were under way. Judged where the host hears every answer.
 */
export function judgeBundles({ story, target, counts }: World): readonly Finding[] {
  const { concurrency } = story.site;
  if (concurrency === 'auto' || (counts['fault'] ?? 0) > 0 || (counts['killed'] ?? 0) > 0) return [];
  const most = 2 * (concurrency + 1) * (counts['start'] ?? 1);
  if (target.ignoredBundles <= most) return [];
  const text = `${target.ignoredBundles} incidents were sent with objects inside, though the server ignores these; ${most} would do`;
  return [{ check: 'storm', text }];
}
