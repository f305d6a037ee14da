import type { World } from '../world/World.js';
import type { Finding } from './Finding.js';
import { outcomeKey } from './readState.js';
import type { State } from './readState.js';

const TERMINAL: readonly string[] = ['delivered', 'skipped', 'superseded', 'dropped'];

/**
 * Every message that the broker saw acknowledged must have a durable outcome in every feed, and a parked one its row.
 */
export function judgeOutcomes(world: World, { outcomes, parked }: State): readonly Finding[] {
  if (outcomes === undefined)
    return [{ check: 'settled', text: 'the state database keeps no outcomes (soar_feed_outcomes)' }];
  const rows = new Set(parked.map((row) => `${row.feed} ${row.object_key}`));
  const acked = new Set(
    world.simulator.broker.acked.filter(({ queue }) => queue === world.queue).map(({ messageId }) => messageId),
  );
  const findings: Finding[] = [];
  for (const messageId of acked) {
    for (const feed of world.feeds) {
      const outcome = outcomes.get(outcomeKey(feed, messageId));
      const what = `${feed}: ${world.messages.describe(messageId)} was acknowledged`;
      if (outcome === undefined) findings.push({ check: 'settled', text: `${what} and has no outcome` });
      else if (outcome.outcome === 'parked' && !rows.has(`${feed} ${outcome.object_key}`))
        findings.push({ check: 'settled', text: `${what} as parked (${outcome.reason}), but there is no row` });
      else if (outcome.outcome !== 'parked' && !TERMINAL.includes(outcome.outcome))
        findings.push({ check: 'settled', text: `${what} with the unknown outcome ${outcome.outcome}` });
    }
  }
  return findings;
}
