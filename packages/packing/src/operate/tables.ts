import { publishedFolders } from '../repository.js';
import { loggedEvents } from './loggedEvents.js';
import { meanings } from './meanings.js';
import { metricRows } from './metricRows.js';
import { parseSources } from './sources.js';

/** Every metric, as a markdown table. */
export function metricsTable(): string {
  return table(
    ['Metric', 'Labels', 'Meaning'],
    metricRows().map(({ name, labels, meaning }) => [
      `\`${name}\``,
      labels.map((label) => `\`${label}\``).join(', '),
      meaning.replace(/\.$/, ''),
    ]),
  );
}

/**
 * Every event of the log, as a markdown table. Throws for an event that has no meaning, or that no source logs any more.
 */
export function eventsTable(): string {
  const events = loggedEvents(parseSources(publishedFolders()));
  const unexplained = [...events.keys()].filter((name) => !meanings.has(name));
  if (unexplained.length > 0) throw new Error(`meanings.ts does not explain ${unexplained.join(', ')}.`);
  const gone = [...meanings.keys()].filter((name) => !events.has(name));
  if (gone.length > 0) throw new Error(`No source logs ${gone.join(', ')}: remove it from meanings.ts.`);
  return table(
    ['`event`', 'Level', 'Meaning'],
    [...meanings].map(([name, { text, levels }]) => {
      const found = levels ?? [...(events.get(name) ?? [])];
      if (found.length === 0) throw new Error(`The level of ${name} cannot be determined: name it in meanings.ts.`);
      return [`\`${name}\``, found.join(', '), text];
    }),
  );
}

/** Puts a table between its two marks. Throws where there are none. */
export function withTable(document: string, mark: string, markdown: string): string {
  const [before, rest] = document.split(`<!-- ${mark} -->`);
  const [, after] = rest?.split(`<!-- end of ${mark} -->`) ?? [];
  if (before === undefined || after === undefined) throw new Error(`There is no place for the table of ${mark}.`);
  return `${before}<!-- ${mark} -->\n\n${markdown}\n<!-- end of ${mark} -->${after}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`);
  return lines.join('');
}
