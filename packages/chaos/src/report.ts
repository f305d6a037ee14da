import type { RunResult } from './run/RunResult.js';

const SHOWN = 12;

export function reportText({
  name,
  findings,
  durationMs,
  operations,
  messages,
  starts,
  kills,
  notes = [],
  folder,
}: RunResult): string {
  const verdict = findings.length === 0 ? 'ok' : 'FAILED';
  const facts = `${operations} operations, ${messages} messages, ${starts} starts, ${kills} kills`;
  const lines = [
    `${name.padEnd(9)} ${verdict.padEnd(6)} ${(durationMs / 1000).toFixed(1).padStart(5)} s  ${facts}`,
    ...notes.map((note) => `  ${note}`),
    ...findings.slice(0, SHOWN).map(({ check, text }) => `  ${check.padEnd(8)} ${text}`),
    ...(findings.length > SHOWN ? [`  … and ${findings.length - SHOWN} more`] : []),
    ...(folder === undefined ? [] : [`  kept in ${folder}`]),
  ];
  return `${lines.join('\n')}\n`;
}

export function summaryText(results: readonly RunResult[]): string {
  const failed = results.filter(({ findings }) => findings.length > 0);
  const sum = (of: (result: RunResult) => number): number => results.reduce((total, result) => total + of(result), 0);
  const facts = `${sum((each) => each.operations)} operations, ${sum((each) => each.messages)} messages, ${sum((each) => each.kills)} kills`;
  const verdict = failed.length === 0 ? 'all held' : `failed: ${failed.map(({ name }) => name).join(', ')}`;
  return `${results.length} runs, ${(sum((each) => each.durationMs) / 1000).toFixed(0)} s, ${facts}; ${verdict}\n`;
}
