type Row = readonly (string | number)[];

/**
 * Rows below their headings, in columns as wide as needed; numbers are right-aligned. If a table does not fit into
 * `width` columns, each row becomes a block: its first cell, and below it the others with their headings.
 */
export function table(headings: readonly string[], rows: readonly Row[], width: number): string {
  const cells = [headings, ...rows.map((row) => row.map(String))];
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  const total = widths.reduce((sum, one) => sum + one, 0);
  const gap = GAPS.find(({ length }) => total + length * (widths.length - 1) <= width);
  if (gap === undefined) return rows.map((row) => block(headings, row, width)).join('');
  const isNumber = headings.map((_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === 'number'));
  return cells
    .map((row) => {
      const line = widths.map((columns, column) => {
        const text = row[column] ?? '';
        return isNumber[column] ? text.padStart(columns) : text.padEnd(columns);
      });
      return `${line.join(gap).trimEnd()}\n`;
    })
    .join('');
}

/** Columns of the terminal; without one, the width of any screen. */
export function widthOf({ columns }: { readonly columns?: number }): number {
  return columns ?? 80;
}

/** Between two columns; narrower if that makes the table fit. */
const GAPS = ['  ', ' '];
const INDENT = '  ';

function block([, ...headings]: readonly string[], [first, ...values]: Row, width: number): string {
  const lines: string[] = [];
  for (const [at, value] of values.entries()) {
    const text = `${headings[at]} ${value}`;
    const last = lines.at(-1);
    if (last !== undefined && `${last},${text}`.length + 1 <= width) lines[lines.length - 1] = `${last}, ${text}`;
    else lines.push(INDENT + text);
  }
  return [String(first), ...lines].map((line) => `${line}\n`).join('');
}
