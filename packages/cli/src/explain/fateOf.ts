import type { Fate } from '@soar-feed/page';
import type { Facts } from './Facts.js';

/** The verdict as a mark: follows `verdictOf` step by step. */
export function fateOf({ parked: [row], resync, record, settled, outcome, now }: Facts): Fate {
  if (row !== undefined) return row.why.state === 'failed' || row.why.state === 'undecided' ? 'stuck' : 'on-its-way';
  if (resync !== undefined && record === undefined && settled?.outcome !== 'delivered') return 'on-its-way';
  if (now?.comparison?.verdict === 'left-out' || record?.state === 'filtered') return 'left-out';
  if (record !== undefined)
    return record.state === 'deleted' ? 'deleted' : record.state === 'bypassed' ? 'left-out' : 'delivered';
  if (settled?.outcome === 'delivered') return settled.deleted ? 'deleted' : 'delivered';
  const last = settled?.outcome ?? outcome?.outcome;
  return last === 'skipped' || last === 'dropped' ? 'left-out' : 'unknown';
}
