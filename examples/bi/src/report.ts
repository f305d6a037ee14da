import type { Knex } from 'knex';

type Row = Readonly<Record<string, unknown>>;

/** One view of all organizations: each has it under its own prefix. */
export async function rowsOf(knex: Knex, view: string, prefixes: readonly string[]): Promise<readonly Row[]> {
  const all = await Promise.all(
    prefixes.map(async (prefix) => {
      const rows = (await knex(prefix + view).select()) as readonly Row[];
      return rows.map((row) => ({ tables: prefix, ...row }));
    }),
  );
  return all.flat();
}

/** As lines of a table, with these columns. */
export function tableOf(rows: readonly Row[], columns: readonly string[], most = 8): string {
  const lines = [columns, ...rows.slice(0, most).map((row) => columns.map((name) => shown(row[name])))];
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  const text = lines.map(
    (line) =>
      `  ${line
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd()}`,
  );
  return [...text, ...(rows.length > most ? [`  … and ${rows.length - most} more`] : [])].join('\n');
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  const text = typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(2) : String(value);
  return text.length > 30 ? `${text.slice(0, 29)}…` : text;
}
