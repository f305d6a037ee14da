import { describe, expect, it } from '@jest/globals';
import knexOf from 'knex';
import type { Knex } from 'knex';
import { createTable } from '../src/dialects/createTable.js';
import type { Bound, Dialect, RowSlice } from '../src/dialects/Dialect.js';
import { dialects } from '../src/dialects/index.js';

/** No SQL Server and no Oracle was met: what would be sent to them is looked at as text. */
const { mssql, oracle, postgres, mysql, sqlite } = dialects;

const slice = (dialect: Dialect, rows: readonly (readonly Bound[])[]): RowSlice => ({
  table: { schema: 'soar', name: dialect.fold('order') },
  columns: [
    { name: dialect.fold('id'), kind: 'integer' },
    { name: dialect.fold('when'), kind: 'datetime' },
    { name: dialect.fold('name'), kind: 'text' },
  ],
  rows,
  keys: [dialect.fold('id')],
});

function sqlOf(dialect: Dialect, client: string, rows: RowSlice): { readonly sql: string; readonly bindings: unknown } {
  const knex = knexOf({ client, useNullAsDefault: true });
  const { sql, bindings } = (dialect.upsert(knex, rows) as Knex.Raw).toSQL() as unknown as {
    sql: string;
    bindings: unknown;
  };
  return { sql, bindings };
}

const ROWS = [
  [1, 'T1', 'a'],
  [2, 'T2', null],
] as const;

describe('the upsert', () => {
  it('of SQL Server is a MERGE of typed rows that other sessions cannot come between', () => {
    expect(sqlOf(mssql, 'mssql', slice(mssql, ROWS))).toEqual({
      sql:
        'MERGE INTO [soar].[order] WITH (HOLDLOCK) AS t USING (VALUES ' +
        '(CAST(? AS bigint), CAST(? AS datetime2(3)), CAST(? AS nvarchar(max))), ' +
        '(CAST(? AS bigint), CAST(? AS datetime2(3)), CAST(? AS nvarchar(max)))) AS s ([id], [when], [name]) ' +
        'ON (t.[id] = s.[id]) WHEN MATCHED THEN UPDATE SET t.[when] = s.[when], t.[name] = s.[name] ' +
        'WHEN NOT MATCHED THEN INSERT ([id], [when], [name]) VALUES (s.[id], s.[when], s.[name]);',
      bindings: [1, 'T1', 'a', 2, 'T2', null],
    });
  });

  it('of Oracle is a MERGE with masks for times, also where IBM’s plug-in falls back to INSERT: with bytes', () => {
    expect(sqlOf(oracle, 'oracledb', slice(oracle, ROWS.slice(0, 1)))).toEqual({
      sql:
        'MERGE INTO "soar"."ORDER" t USING (SELECT TO_NUMBER(?) AS "ID", ' +
        `TO_TIMESTAMP(?, 'YYYY-MM-DD HH24:MI:SS.FF3') AS "WHEN", TO_CLOB(?) AS "NAME" FROM dual) s ` +
        'ON (t."ID" = s."ID") WHEN MATCHED THEN UPDATE SET t."WHEN" = s."WHEN", t."NAME" = s."NAME" ' +
        'WHEN NOT MATCHED THEN INSERT ("ID", "WHEN", "NAME") VALUES (s."ID", s."WHEN", s."NAME")',
      bindings: [1, 'T1', 'a'],
    });
    const bytes: RowSlice = {
      ...slice(oracle, [[1, Buffer.from('x')]]),
      columns: [
        { name: 'ID', kind: 'integer' },
        { name: 'CONTENT', kind: 'blob' },
      ],
    };
    expect(sqlOf(oracle, 'oracledb', bytes).sql).toContain('TO_BLOB(?) AS "CONTENT"');
    expect(sqlOf(oracle, 'oracledb', bytes).sql).toContain('WHEN MATCHED THEN UPDATE');
  });

  it('of PostgreSQL has one array per column, typed as the column is', () => {
    expect(sqlOf(postgres, 'pg', slice(postgres, ROWS))).toEqual({
      sql:
        'INSERT INTO "soar"."order" ("id", "when", "name") SELECT * FROM unnest(?::bigint[], ?::timestamptz[], ?::text[]) ' +
        'ON CONFLICT ("id") DO UPDATE SET "when" = excluded."when", "name" = excluded."name"',
      bindings: [
        [1, 2],
        ['T1', 'T2'],
        ['a', null],
      ],
    });
  });

  it('of SQLite and MariaDB leaves columns alone that it does not name', () => {
    expect(sqlOf(sqlite, 'sqlite3', slice(sqlite, ROWS)).sql).toBe(
      'INSERT INTO "soar"."order" ("id", "when", "name") VALUES (?, ?, ?), (?, ?, ?) ' +
        'ON CONFLICT ("id") DO UPDATE SET "when" = excluded."when", "name" = excluded."name"',
    );
    expect(sqlOf(mysql, 'mysql2', slice(mysql, ROWS))).toEqual({
      sql:
        'INSERT INTO `soar`.`order` (`id`, `when`, `name`) VALUES ? ' +
        'ON DUPLICATE KEY UPDATE `when` = VALUES(`when`), `name` = VALUES(`name`)',
      bindings: [ROWS],
    });
  });
});

describe('the DDL', () => {
  const table = { schema: 'soar', name: 't' };

  it('makes tables with ids of 64 bits, and quotes what others take for reserved', () => {
    const columns = (dialect: Dialect) => [
      { name: dialect.fold('id'), type: `${dialect.idType} NOT NULL` },
      { name: dialect.fold('order'), type: dialect.typeOf('label') },
    ];
    const made = (dialect: Dialect) => createTable(dialect, table, columns(dialect), [dialect.fold('id')]).sql;
    expect(made(mssql)).toBe(
      'CREATE TABLE [soar].[t] ([id] bigint NOT NULL, [order] nvarchar(max), PRIMARY KEY ([id]))',
    );
    expect(made(oracle)).toBe(
      'CREATE TABLE "soar"."t" ("ID" NUMBER(19) NOT NULL, "ORDER" VARCHAR2(4000), PRIMARY KEY ("ID"))',
    );
    expect(made(mysql)).toContain('DEFAULT CHARACTER SET utf8mb4');
  });

  it('adds columns in one statement', () => {
    const columns = [
      { name: 'a', kind: 'boolean' },
      { name: 'b', kind: 'datetime' },
    ] as const;
    expect(mssql.addColumns(table, columns)).toEqual([
      { sql: 'ALTER TABLE [soar].[t] ADD [a] bit NULL, [b] datetime2(3) NULL' },
    ]);
    expect(oracle.addColumns(table, columns)).toEqual([
      { sql: 'ALTER TABLE "soar"."t" ADD ("a" NUMBER(1), "b" TIMESTAMP(3))' },
    ]);
  });

  it('widens what IBM’s plug-in made: NTEXT in place, NVARCHAR2 by a new column, an id with its key', () => {
    expect(mssql.changeType(table, 'text', 'text')).toEqual([
      { sql: 'ALTER TABLE [soar].[t] ALTER COLUMN [text] nvarchar(max) NULL' },
    ]);
    expect(mssql.changeType(table, 'id', 'integer').map(({ sql }) => sql)).toEqual([
      expect.stringContaining('DROP CONSTRAINT'),
      'ALTER TABLE [soar].[t] ALTER COLUMN [id] bigint NOT NULL',
      'ALTER TABLE [soar].[t] ADD PRIMARY KEY ([id])',
    ]);
    expect(oracle.changeType(table, 'TEXT', 'text').map(({ sql }) => sql)).toEqual([
      expect.stringMatching(/^ALTER TABLE "soar"."t" ADD \("soar_feed_\w{8}" CLOB\)$/),
      expect.stringMatching(/^UPDATE "soar"."t" SET "soar_feed_\w{8}" = TO_CHAR\("TEXT"\)$/),
      'ALTER TABLE "soar"."t" DROP COLUMN "TEXT"',
      expect.stringMatching(/^ALTER TABLE "soar"."t" RENAME COLUMN "soar_feed_\w{8}" TO "TEXT"$/),
    ]);
    expect(oracle.changeType(table, 'AMOUNT', 'integer')).toEqual([
      { sql: 'ALTER TABLE "soar"."t" MODIFY ("AMOUNT" NUMBER(19))' },
    ]);
  });
});

describe('values', () => {
  const time = '2026-11-28T20:46:43.512000+00:00';

  it('are bound as UTC in the form that the engine reads without looking at its session', () => {
    expect(postgres.encode('datetime', time)).toBe('2026-11-28T20:46:43.512Z');
    expect(mysql.encode('datetime', time)).toBe('2026-11-28 20:46:43.512');
    expect(mssql.encode('datetime', time)).toBe('2026-11-28T20:46:43.512');
    expect(oracle.encode('datetime', time)).toBe('2026-11-28 20:46:43.512');
    expect(sqlite.encode('datetime', time)).toBe(time);
    for (const dialect of [postgres, mysql, mssql, oracle]) {
      expect(dialect.encode('date', '2023-11-19T14:57:46.139000')).toBe('2023-11-19');
      expect(dialect.encode('integer', 9_007_199_254_740_993n)).toBe('9007199254740993');
    }
  });

  it('that a typed column cannot hold are named, never changed', () => {
    for (const dialect of [postgres, mysql, mssql, oracle]) {
      expect(dialect.encode('integer', 1.5)).toBeUndefined();
      expect(dialect.encode('integer', 2n ** 63n)).toBeUndefined();
      expect(dialect.encode('datetime', 'yesterday')).toBeUndefined();
      expect(dialect.encode('date', '2023-13-40')).toBeUndefined();
      expect(dialect.encode('boolean', 'maybe')).toBeUndefined();
    }
    expect(oracle.encode('label', 'x'.repeat(4_001))).toBeUndefined();
    expect(oracle.encode('text', 'x'.repeat(4_001))).toHaveLength(4_001);
  });
});

describe('a statement', () => {
  it('of SQL Server has no more than 2,100 values: 13 rows of 150 columns', () => {
    expect(Math.floor(mssql.limits.binds / 150)).toBe(13);
    expect(mssql.limits.binds).toBeLessThan(2_100);
  });
});
