import type { Knex } from 'knex';
import type { RowSlice } from './Dialect.js';

/** knex writes the upsert of SQLite, PostgreSQL and MySQL. Columns that are left out keep their value on all three. */
export function upsertByKnex(trx: Knex, { table, columns, rows, keys }: RowSlice): Knex.QueryBuilder {
  const names = columns.map(({ name }) => name);
  const objects = rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at]])));
  const others = names.filter((name) => !keys.includes(name));
  const query = trx(table.name)
    .insert(objects)
    .onConflict([...keys]);
  const upsert = others.length === 0 ? query.ignore() : query.merge(others);
  return table.schema === undefined ? upsert : upsert.withSchema(table.schema);
}
