import type { ListedRow } from '@soar-feed/core/runtime';
import { whyText } from '../output/parkedGroups.js';
import { timeText } from '../output/timeText.js';
import type { Facts, Now } from './Facts.js';

/** One sentence: what became of the object at this feed. The first thing that holds is the explanation. */
export function verdictOf(facts: Facts): string {
  return (
    parked(facts) ??
    waitsForReload(facts) ??
    leftOut(facts) ??
    remembered(facts) ??
    settled(facts) ??
    ended(facts) ??
    unknown(facts)
  );
}

function parked({ parked: [own, ...chain] }: Facts): string | undefined {
  if (own === undefined) return undefined;
  const since = `, parked since ${timeText(own.parkedAtMs)}`;
  const cause = chain.at(-1);
  const behind = cause === undefined ? '' : `; that one is ${rowText(cause)}`;
  return `Not delivered yet: ${rowText(own)}${since}${behind}.`;
}

function rowText({ why }: ListedRow): string {
  return `${why.state}: ${whyText(why)}${why.state === 'failed' ? ` [${why.code}]` : ''}`;
}

function waitsForReload({ resync, record, settled: last }: Facts): string | undefined {
  if (resync === undefined || record !== undefined || last?.outcome === 'delivered') return undefined;
  return `Not delivered yet: its incident is to be loaded whole, since ${timeText(resync.parkedAtMs)}.`;
}

/** By design. Only the servers, if asked, tell the clause of a filter. */
function leftOut({ record, now }: Facts): string | undefined {
  const why = leftOutNow(now);
  if (record?.state === 'active' && why === undefined) return undefined;
  if (why !== undefined) return `Left out by design: ${why}.`;
  if (record?.state === 'filtered') {
    const replica = record.marks.length === 0 ? '' : ` (${record.marks.join('; ')})`;
    return `Left out by design: its incident did not match when it last came${replica}; --ask names the clause.`;
  }
  return undefined;
}

function leftOutNow(now: Now | undefined): string | undefined {
  if (now?.comparison?.verdict !== 'left-out') return undefined;
  const { incident, comparison } = now;
  const ofIncident = incident?.verdict === 'left-out' ? incident.reason : undefined;
  return ofIncident ?? comparison.reason ?? 'the target leaves it out';
}

function remembered({ record, key }: Facts): string | undefined {
  if (record === undefined) return undefined;
  switch (record.state) {
    case 'deleted':
      return `Deleted in the target${record.writtenAtMs === undefined ? '' : ` on ${timeText(record.writtenAtMs)}`}.`;
    case 'bypassed':
      return `Gone at the source and left alone in the target as ${key.type} ${record.ref ?? '-'} (delete_incidents is off).`;
    default: {
      const place = key.type === 'incident' ? '' : ` of incident ${record.refIncident ?? '-'}`;
      const when = record.writtenAtMs === undefined ? '' : `, last written on ${timeText(record.writtenAtMs)}`;
      const marks = record.marks.length === 0 ? '' : ` (${record.marks.join('; ')})`;
      return `Delivered as ${key.type} ${record.ref ?? '-'}${place} in the target${when}${marks}.`;
    }
  }
}

function settled({ settled: last, outcome }: Facts): string | undefined {
  if (last === undefined) return undefined;
  const when = timeText(last.settledAtMs);
  const why = outcome?.reason === undefined ? '' : `: ${outcome.reason}`;
  switch (last.outcome) {
    case 'delivered':
      return last.deleted ? `Deleted on ${when}.` : `Delivered on ${when}.`;
    case 'skipped':
      return `Left out by design on ${when}${why}.`;
    case 'superseded':
      return `Not delivered: a newer snapshot took the place of its only event on ${when}.`;
    case 'dropped':
      return `Given up by hand on ${when}${why}.`;
  }
}

/** Nothing of it was ever applied: it ended while it was parked. */
function ended({ outcome }: Facts): string | undefined {
  if (outcome === undefined) return undefined;
  const why = outcome.reason === undefined ? '' : `: ${outcome.reason}`;
  return `Never delivered: its last event ended as ${outcome.outcome} on ${timeText(outcome.settledAtMs)}${why}.`;
}

function unknown({ reloadedAtMs, now }: Facts): string {
  if (now?.source === 'gone') return 'The source does not have it, and nothing has brought it here before.';
  const reload =
    reloadedAtMs === undefined
      ? 'no complete reload has run'
      : `the last complete reload began on ${timeText(reloadedAtMs)}`;
  return `Never received: no message and no reload has brought it to this feed (${reload}).`;
}
