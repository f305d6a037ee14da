import type { Knex } from 'knex';
import { INTENTS } from './IntentRow.js';
import { SYNC } from './steps.js';

type Row = Readonly<Record<string, unknown>>;

/** Rows read and written at once. */
const AT_ONCE = 500;

/**
 * Copies what one run over some incidents may look at: their rows, and those of every other incident itself. Other
 * copies of the tables may lack columns of ours, or have some of IBM's that ours lack.
 */
export async function copyRows(from: Knex, to: Knex, includes: (incidentId: number) => boolean): Promise<void> {
  for (const table of [SYNC, INTENTS]) {
    if (Object.keys(await from(table).columnInfo()).length === 0) continue;
    const columns = Object.keys(await to(table).columnInfo());
    for await (const rows of pages(from, table)) {
      const kept = rows.filter((row) => row['type_name'] === 'incident' || includes(Number(row['org1_inc_id'])));
      if (kept.length > 0)
        await to.batchInsert(
          table,
          kept.map((row) => asText(row, columns)),
          50,
        );
    }
  }
}

const KEY = ['org1', 'org1_inc_id', 'type_name', 'org1_type_id', 'org2'] as const;

async function* pages(knex: Knex, table: string): AsyncGenerator<readonly Row[]> {
  let after: readonly unknown[] | undefined;
  for (;;) {
    const query = knex<Row>(table)
      .select()
      .orderBy([...KEY])
      .limit(AT_ONCE);
    if (after !== undefined) void query.andWhereRaw(`(${KEY.join(', ')}) > (?, ?, ?, ?, ?)`, [...after] as string[]);
    const rows = (await query) as readonly Row[];
    yield rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < AT_ONCE) return;
    after = KEY.map((column) => last[column]);
  }
}

/** A time is a `Date` on PostgreSQL; equal ones stay equal. */
function asText(row: Row, columns: readonly string[]): Row {
  const kept = columns.filter((column) => row[column] !== undefined);
  return Object.fromEntries(
    kept.map((column) => {
      const value = row[column];
      return [column, value instanceof Date ? value.toISOString() : value];
    }),
  );
}
