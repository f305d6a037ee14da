import type { Knex } from 'knex';
import type { Database } from './Database.js';

/** Stands for the schema wherever knex splits a name at its dots; `wrapIdentifierIn` writes the real name. */
const STAND_IN = 'soar_feed_schema_stand_in';
const QUALIFIED = Symbol('soar-feed: names are qualified');

/** A name as SQL text. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** knex's hook for names. A question mark in the name of a schema must not become a binding. */
export function wrapIdentifierIn(schema: string) {
  return (value: string, wrap: (value: string) => string): string =>
    value === STAND_IN ? quoted(schema).replaceAll('?', '\\?') : wrap(value);
}

/**
 * A knex, or a transaction, whose tables are in the schema. Every name is qualified: a search path would be state of
 * the session, which a pooler passes on to the next user.
 */
export function inSchema<K extends Knex>(knex: K): K {
  return new Proxy(knex, {
    apply: (target, _this, table: Parameters<Knex>) => Reflect.apply(target, undefined, table).withSchema(STAND_IN),
    get(target, key) {
      if (key === QUALIFIED) return true;
      const value: unknown = Reflect.get(target, key);
      return key === 'schema' ? (value as Knex.SchemaBuilder).withSchema(STAND_IN) : value;
    },
  });
}

/** A table of ours for a `??` of raw SQL. */
export function tableOf(knex: Knex, table: string): string {
  return (knex as { readonly [QUALIFIED]?: true })[QUALIFIED] === true ? `${STAND_IN}.${table}` : table;
}

/** knex's own `hasTable` would look for a schema with the name of the placeholder. */
export async function hasTable({ knex, dialect, schema }: Database, table: string): Promise<boolean> {
  if (dialect === 'sqlite') return knex.schema.hasTable(table);
  const name = schema === undefined ? quoted(table) : `${quoted(schema)}.${quoted(table)}`;
  const { rows } = await knex.raw<{ rows: readonly { found: boolean }[] }>(
    'SELECT to_regclass(?) IS NOT NULL AS found',
    [name],
  );
  return rows[0]?.found === true;
}
