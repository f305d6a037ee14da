import type { World } from '../world/World.js';
import type { Finding } from './Finding.js';
import type { State } from './State.js';

/**
 * While a host runs: each message that it took has an outcome in every feed, or is in its hands; and it holds no more than the
 * broker's prefetch allows.
 */
export function judgeHeld({ host, feeds, story }: World, { outcomes }: State): readonly Finding[] {
  if (host?.host === undefined) return [];
  const { inFlight } = host.host.status().queue;
  const findings: Finding[] = [];
  // A session that was lost leaves what it handed over; the next one hands over as much again.
  const most = 2 * story.site.prefetch;
  if (inFlight > most) findings.push({ check: 'memory', text: `${inFlight} messages are held; ${most} would do` });
  const ended = new Set(outcomes.map(({ feed, event_id: id }) => `${feed} ${id}`));
  // Which feeds a message is for depends on the workspace of its incident at that time: one of them at least.
  for (const group of story.site.routed === true ? [feeds] : feeds.map((feed) => [feed])) {
    const open = [...host.received].filter((id) => !group.some((feed) => ended.has(`${feed} ${id}`)));
    if (open.length <= inFlight) continue;
    const text = `${group.join(', ')}: ${open.length} of the messages received have no outcome, and only ${inFlight} are held: ${open.slice(0, 5).join(', ')}`;
    findings.push({ check: 'conserved', text });
  }
  return findings;
}
