import knexOf from 'knex';
import type { Knex } from 'knex';
import { IBM_FILE } from './ibmSample.js';

export type Rows = readonly Readonly<Record<string, unknown>>[];
export type Tables = Readonly<Record<string, Rows>>;

export function sqliteKnex(file: string): Knex {
  return knexOf({ client: 'sqlite3', connection: { filename: file }, useNullAsDefault: true });
}

/** All tables that IBM's feed made, by name, rows by id. */
export async function ibmTables(file = IBM_FILE): Promise<Tables> {
  const knex = sqliteKnex(file);
  try {
    const names: readonly { readonly name: string }[] = await knex('sqlite_master')
      .where({ type: 'table' })
      .select('name');
    const mine = names.map(({ name }) => name).filter((name) => !/^(sqlite_|soar_feed_)/.test(name));
    const tables: [string, Rows][] = [];
    for (const name of mine) tables.push([name, (await knex(name).orderBy('id')) as Rows]);
    return Object.fromEntries(tables);
  } finally {
    await knex.destroy();
  }
}

/** The rows with one spelling for what engines give in their own: times, truth, numbers of 64 bits. */
export function spelledAlike(rows: Rows): Rows {
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, alike(value)])));
}

function alike(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string') return value;
  if (/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(\+00:00|\+00|Z)?$/.test(value))
    return new Date(
      `${value.slice(0, 19).replace(' ', 'T')}${/\.\d+/.exec(value)?.[0].slice(0, 4) ?? ''}Z`,
    ).toISOString();
  return /^\d{1,15}$/.test(value) ? Number(value) : value;
}
