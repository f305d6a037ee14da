import { isIncident } from '@soar-feed/core';
import type { Drift, VerifyReport } from '@soar-feed/core/runtime';
import { table } from './table.js';

/** Lines of drift that a person reads; `--json` has all. */
const SHOWN = 50;

/** A report for people. */
export function verifyText(report: VerifyReport, width: number): string {
  const { incidents, objects, feeds, drift, driftNotListed, faults, startedAtMs, finishedAtMs } = report;
  const names = Object.keys(feeds);
  const rows = Object.entries(feeds).map(([name, tally]) => [
    ...[name, tally.equal, tally.differs, tally.missing, tally.extra, tally.parked, tally.leftOut],
  ]);
  const reasons = Object.entries(feeds).flatMap(([name, tally]) =>
    Object.entries(tally.reasons)
      .sort(([, a], [, b]) => b - a)
      .map(([reason, count]) => `  ${count} left out${names.length > 1 ? ` of ${name}` : ''}: ${reason}\n`),
  );
  const more = drift.length + driftNotListed - Math.min(SHOWN, drift.length);
  const took = finishedAtMs === undefined ? '' : ` in ${((finishedAtMs - startedAtMs) / 1000).toFixed(1)} s`;
  return [
    `${incidents} incidents with ${objects} objects compared${took}.\n`,
    table(['feed', 'equal', 'differs', 'missing', 'extra', 'parked', 'left out'], rows, width),
    ...reasons,
    ...drift.slice(0, SHOWN).map((one) => `${driftText(one, names.length > 1)}\n`),
    more > 0 ? `… and ${more} more; --json lists them.\n` : '',
    ...faults.map(({ incidentId, message }) => `Not readable at the source: ${ofIncident(incidentId)}${message}\n`),
  ].join('');
}

function ofIncident(incidentId: number | undefined): string {
  return incidentId === undefined ? '' : `incident ${incidentId}: `;
}

/** `note 420 of incident 2100 differs in text`. */
export function driftText({ feed, key, cause, ref, reason, fields = [], parked }: Drift, withFeed: boolean): string {
  const place = isIncident(key) ? '' : ` of incident ${key.incidentId}`;
  const there = ref === undefined ? '' : ` (${key.type} ${ref} there)`;
  const because = reason === undefined ? '' : `: ${reason}`;
  const what = {
    differs: fields.length === 0 ? `differs${because}` : `differs in ${fields.map(({ name }) => name).join(', ')}`,
    missing: `is missing${because}`,
    extra: `is extra${because}`,
    parked: `is parked as ${parked?.state ?? '-'}${parked?.code === undefined ? '' : ` [${parked.code}]`}${because}`,
  }[cause];
  return `${withFeed ? `${feed}: ` : ''}${key.type} ${key.objectId}${place}${there} ${what}`;
}
