import type { World } from '../world/World.js';
import type { Finding } from './Finding.js';
import type { ParkedRow, State } from './State.js';

const ENDS: readonly string[] = ['delivered', 'skipped', 'superseded', 'dropped'];

/** At any instant: what the broker saw acknowledged is durable in every feed, and what is said to be parked has its row. */
export function judgeAcks(
  { simulator, queue, feeds, story }: World,
  { outcomes, parked, raw }: State,
): readonly Finding[] {
  const rows = new Set(parked.map((row) => `${row.feed} ${row.object_key}`));
  const known = new Map(outcomes.map((row) => [`${row.feed} ${row.event_id}`, row]));
  const undecoded = new Set(raw.map(({ message_id }) => message_id));
  const findings: Finding[] = [];
  const routed = story.site.routed === true;
  const acked = new Set(simulator.broker.acked.flatMap((ack) => (ack.queue === queue ? [ack.messageId] : [])));
  for (const messageId of acked) {
    if (undecoded.has(messageId)) continue;
    const reached = feeds.filter((feed) => known.has(`${feed} ${messageId}`));
    // Which feeds a message is for depends on the workspace of its incident at that time.
    for (const feed of routed && reached.length > 0 ? reached : feeds) {
      const row = known.get(`${feed} ${messageId}`);
      const what = `${feed}: ${messageId} was acknowledged`;
      if (row === undefined) findings.push({ check: 'settled', text: `${what} and has no outcome` });
      else if (row.outcome === 'parked' && !rows.has(`${feed} ${row.object_key}`))
        findings.push({
          check: 'settled',
          text: `${what} as parked (${row.reason}), but ${row.object_key} has no row`,
        });
      else if (row.outcome !== 'parked' && !ENDS.includes(row.outcome))
        findings.push({ check: 'settled', text: `${what} with the unknown outcome ${row.outcome}` });
    }
  }
  return findings;
}

/** At any instant: the counters say what the outcomes say, for those that are counted once and for all. */
export function judgeCounts({ outcomes, totals }: State): readonly Finding[] {
  const counted = new Map<string, number>();
  for (const { feed, outcome } of outcomes) {
    const name = `${feed} ${outcome}`;
    counted.set(name, (counted.get(name) ?? 0) + 1);
  }
  return [...counted].flatMap(([name, events]): readonly Finding[] => {
    const total = totals.find(({ feed, outcome }) => `${feed} ${outcome}` === name)?.events ?? 0;
    if (total >= events) return [];
    return [{ check: 'conserved', text: `${events} outcomes "${name}" are recorded and only ${total} are counted` }];
  });
}

/** When all is quiet, nothing is parked that nobody explains. */
export function judgeParked({ parked, raw }: State, mappingLost = false): readonly Finding[] {
  return [
    ...parked
      .filter((row) => !(mappingLost && isForAPerson(row, parked)))
      .map((row) => `${row.feed}: ${row.object_key} is parked as ${row.state}: ${row.why}`),
    ...raw.map(({ message_id, problem }) => `message ${message_id} could not be decoded: ${problem}`),
  ].map((text) => ({ check: 'parked', text }));
}

/**
 * No row outlives the incident that its object went with. `kept`: the incidents that stand, or that the feed need not keep up. Where the
 * delete itself was refused, a person has it tried again.
 */
export function judgeOutlived({ parked }: State, kept: readonly number[]): readonly Finding[] {
  const refused = parked.filter(
    ({ object_key: key, operation, state }) =>
      key.includes('/incident/') && operation === 'delete' && state === 'failed',
  );
  const ids = new Set([...kept, ...refused.map(incidentOf)]);
  return parked
    .filter((row) => !ids.has(incidentOf(row)))
    .map(({ feed, object_key: key, state }) => ({
      check: 'parked',
      text: `${feed}: ${key} is parked as ${state} although its incident was deleted`,
    }));
}

/** Which of two objects is whose was in the mapping alone: a person decides. */
export function isUndecided({ state }: ParkedRow): boolean {
  return state === 'undecided';
}

/** Undecided, waiting for what is, or an incident that cannot be closed before somebody decides on a task of it. */
function isForAPerson(row: ParkedRow, all: readonly ParkedRow[]): boolean {
  const others = all.filter((other) => isUndecided(other) && other.feed === row.feed);
  if (row.state === 'waiting') return others.length > 0;
  const isNotClosed = row.state === 'failed' && row.why.includes('"close-refused"');
  return isUndecided(row) || (isNotClosed && others.some((other) => incidentOf(other) === incidentOf(row)));
}

function incidentOf({ object_key: key }: ParkedRow): number {
  return Number(key.split('/')[1]);
}
