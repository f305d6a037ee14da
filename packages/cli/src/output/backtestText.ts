import type { BacktestedIncident, BacktestReport } from '@soar-feed/core/runtime';
import { csvLine } from './csv.js';
import { table } from './table.js';
import { timeText } from './timeText.js';

/** Counts first, then the incidents whose fate changes. `all`: those of the report before it was cut. */
export function backtestText(report: BacktestReport, all: readonly BacktestedIncident[], width: number): string {
  const { feed, sinceMs, incidents, routedElsewhere, current, proposed, changes, problems, faults } = report;
  const count = (change: '+' | '-'): number => all.filter((one) => one.change === change).length;
  const filters = [
    ['now', current.passes, current.filter === '' ? '(no filter: every incident)' : current.filter],
    ['then', proposed.passes, proposed.filter === '' ? '(no filter: every incident)' : proposed.filter],
  ] as const;
  const elsewhere =
    routedElsewhere === 0 ? '' : `; ${routedElsewhere} others are not routed to it by [feeds] workspaces`;
  return [
    `Feed ${feed}: ${incidents} incidents created since ${timeText(sinceMs)}${elsewhere}\n`,
    table(['', 'passes', 'filter'], filters, Math.max(width, 200)),
    `+ ${count('+')} would be fed that are not now\n`,
    `- ${count('-')} would no longer be fed\n`,
    ...problems.map((problem) => `Caution: ${problem}\n`),
    ...faults.map(({ message }) => `Could not be read from the source: ${message}\n`),
    changes.length === 0 ? '' : '\n',
    ...changes.map(changeText),
  ].join('');
}

function changeText({ change, incidentId, name, createdAtMs, proposed }: BacktestedIncident): string {
  const made = createdAtMs === undefined ? '' : `, created ${timeText(createdAtMs)}`;
  return `${change} ${incidentId} ${shown(name)}${made}\n    ${oneLine(proposed.because)}\n`;
}

/** A name as JSON, so that it can do nothing to a terminal. */
function shown(name: string): string {
  return oneLine(JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}...` : name));
}

function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** One line per incident whose fate changes. */
export function backtestCsv({ feed, changes }: BacktestReport): string {
  const lines = changes.map(({ change, incidentId, name, createdAtMs, current, proposed }) => {
    const created = createdAtMs === undefined ? '' : new Date(createdAtMs).toISOString();
    return csvLine([
      feed,
      change === '+' ? 'added' : 'removed',
      incidentId,
      name,
      created,
      current.because,
      proposed.because,
    ]);
  });
  return [csvLine(['feed', 'change', 'incident', 'name', 'created', 'now', 'then']), ...lines].join('');
}
