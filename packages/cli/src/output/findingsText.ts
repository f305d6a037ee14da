import type { Finding } from '@soar-feed/core';

const HEADINGS: Readonly<Record<Finding['gravity'], string>> = {
  blocks: 'Refused',
  loses: 'Lost',
  changes: 'Changed',
  note: 'Worth knowing',
};

/** Names shown before the rest is counted. */
const SHOWN = 12;

/** Findings below what they lead to; each with what follows and what to do. */
export function findingsText(findings: readonly Finding[]): string {
  const gravities = [...new Set(findings.map(({ gravity }) => gravity))];
  return gravities
    .map((gravity) => {
      const own = findings.filter((finding) => finding.gravity === gravity);
      return `${HEADINGS[gravity]} (${own.length})\n${own.map(textOf).join('')}`;
    })
    .join('\n');
}

function textOf({ area, subject, names = [], problem, consequence, fix }: Finding): string {
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  const which = names.length === 0 ? '' : `: ${names.slice(0, SHOWN).join(', ')}${more}`;
  return `  ${area} ${subject} ${problem}${which}\n    So ${consequence}. ${fix}\n`;
}
