import { inherentDifferences } from '@soar-feed/soar-simulator';
import type { Comparison, InherentDifference } from '@soar-feed/soar-simulator';

const SHOWN = 20;

/**
 * Objects by type: how many each organization has, and how many of them only it has for a known reason (docs: inherent
 * differences).
 */
export function countsTable({ counts }: Comparison): string {
  const rows = Object.entries(counts).map(([type, count]) => [
    type,
    count.source,
    count.sourceOnly,
    count.target,
    count.targetOnly,
  ]);
  const lines = [['type', 'source', 'of it only there', 'target', 'of it only there'], ...rows].map((row) =>
    row.map(String),
  );
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? [];
  return lines
    .map((line) =>
      line
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  '),
    )
    .join('\n');
}

/** Why one organization may have an object that the other lacks; the other differences are in fields. */
const OF_OBJECTS: readonly InherentDifference[] = [
  'inactive-task',
  'automatic-task',
  'missing-table',
  'missing-artifact-type',
  'default-note',
  'empty-note',
  'other-source',
];

/** Why the numbers of the table differ although the two are equal: a line for each reason that occurred. */
export function reasonsText({ explained }: Comparison): string {
  const met = OF_OBJECTS.filter((reason) => (explained[reason] ?? 0) > 0);
  if (met.length === 0) return '';
  const lines = met.map((reason) => `  ${explained[reason]} × ${inherentDifferences[reason]}`);
  return ['What is only there, and belongs there:', ...lines].join('\n');
}

/** What keeps the two from being identical. */
export function findingsText({ missing, doubled, different }: Comparison): string {
  const found = [
    ...missing.map((finding) => `missing: ${finding.type} "${finding.object}" of "${finding.incident}"`),
    ...doubled.map((finding) => `doubled: ${finding.type} "${finding.object}" of "${finding.incident}"`),
    ...different.map(
      (finding) =>
        `different: ${finding.type} "${finding.object}" of "${finding.incident}", ${finding.field}: ${finding.source} / ${finding.target}`,
    ),
  ];
  const more = found.length > SHOWN ? [`… and ${found.length - SHOWN} more`] : [];
  return [...found.slice(0, SHOWN), ...more].join('\n');
}
