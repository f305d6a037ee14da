import { createHash } from 'node:crypto';
import type { TableName } from './Dialect.js';

/** Quoted for SQL, with the schema before it. */
export function qualified(table: TableName, quote: (name: string) => string): string {
  return table.schema === undefined ? quote(table.name) : `${quote(table.schema)}.${quote(table.name)}`;
}

/** In double quotes. A question mark must not become a binding. */
export function doubleQuoted(name: string): string {
  return `"${name.replaceAll('"', '""').replaceAll('?', '\\?')}"`;
}

/** Eight hex digits: enough to tell the names of one table apart. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/** The name cut to the limit, with a hash of the whole in place of what is missing. */
export function shortened(name: string, original: string, limit: number): string {
  const hash = shortHash(original);
  let start = name;
  while (Buffer.byteLength(start) > limit - hash.length - 1) start = start.slice(0, -1);
  return `${start}_${hash}`;
}
