import type { Statement, TableName } from './Dialect.js';
import { qualified, shortHash } from './names.js';

/** For engines that cannot change a column's type in place: a new column, copied, takes the name of the old one. */
export function replaceColumn(
  table: TableName,
  column: string,
  to: { readonly type: string; readonly copy: string; readonly add?: (column: string, type: string) => string },
  quote: (name: string) => string,
): readonly Statement[] {
  const place = qualified(table, quote);
  const next = quote(`soar_feed_${shortHash(column)}`);
  const old = quote(column);
  const add = to.add ?? ((name: string, type: string) => `ADD COLUMN ${name} ${type}`);
  return [
    { sql: `ALTER TABLE ${place} ${add(next, to.type)}` },
    { sql: `UPDATE ${place} SET ${next} = ${to.copy}` },
    { sql: `ALTER TABLE ${place} DROP COLUMN ${old}` },
    { sql: `ALTER TABLE ${place} RENAME COLUMN ${next} TO ${old}` },
  ];
}
