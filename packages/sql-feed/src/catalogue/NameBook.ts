import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import type { SqlDatabase } from '../database/SqlDatabase.js';
import { createTable } from '../dialects/createTable.js';
import type { TableName } from '../dialects/Dialect.js';
import { readColumns } from '../database/readColumns.js';
import { runStatement } from '../database/runStatement.js';

/** A name in the database that is not simply the one in SOAR. */
export interface KnownName {
  readonly type: string;
  /** `''`: the name is that of the type's table. */
  readonly field: string;
  readonly name: string;
}

/**
 * Table `soar_feed_names`: which table and column stand for which type and field, wherever that cannot be seen from the
 * name (shortened, continued with IBM's `_`, in `more_fields`), and which indexes were made.
 */
export class NameBook {
  private readonly names = new Map<string, string>();

  constructor(
    private readonly database: SqlDatabase,
    private readonly table: TableName,
  ) {}

  async load(): Promise<void> {
    const { knex, dialect } = this.database;
    const at = (name: string) => dialect.fold(name);
    if ((await readColumns(this.database, this.table)) === undefined) {
      const text = `${dialect.typeOf('label')} NOT NULL`;
      const columns = [
        { name: at('digest'), type: `${dialect.keyType(64)} NOT NULL` },
        { name: at('object_type'), type: text },
        // Oracle takes an empty text for NULL.
        { name: at('field'), type: dialect.typeOf('label') },
        { name: at('name'), type: text },
      ];
      await runStatement(knex, createTable(dialect, this.table, columns, [at('digest')]), this.database, this.table);
    }
    const query = from(knex, this.table).select(at('digest'), at('name'));
    const rows = await runStatement<readonly Readonly<Record<string, string>>[]>(
      knex,
      query,
      this.database,
      this.table,
    );
    this.names.clear();
    for (const row of rows) this.names.set(row[at('digest')] ?? '', row[at('name')] ?? '');
  }

  get(type: string, field = ''): string | undefined {
    return this.names.get(digestOf(type, field));
  }

  async keep(entries: readonly KnownName[]): Promise<void> {
    const fresh = entries.filter(({ type, field, name }) => this.get(type, field) !== name);
    if (fresh.length === 0) return;
    const { dialect, knex } = this.database;
    const columns = ['digest', 'object_type', 'field', 'name'].map((name) => ({
      name: dialect.fold(name),
      kind: 'label' as const,
    }));
    const rows = fresh.map(({ type, field, name }) => [digestOf(type, field), type, field, name]);
    await runStatement(
      knex,
      dialect.upsert(knex, { table: this.table, columns, rows, keys: [dialect.fold('digest')] }),
      this.database,
      this.table,
    );
    for (const { type, field, name } of fresh) this.names.set(digestOf(type, field), name);
  }
}

export function from(knex: Knex, { schema, name }: TableName): Knex.QueryBuilder {
  const query = knex(name) as Knex.QueryBuilder;
  return schema === undefined ? query : query.withSchema(schema);
}

function digestOf(type: string, field: string): string {
  return createHash('sha256').update(`${type}\0${field}`).digest('hex');
}
