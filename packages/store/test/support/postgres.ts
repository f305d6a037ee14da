import { randomUUID } from 'node:crypto';
import { openDatabase } from '@soar-feed/store';
import type { PostgresConfig } from '@soar-feed/store';

/** The URL of a PostgreSQL database that tests may make schemas in. */
export const POSTGRES_URL = process.env['SOAR_FEED_TEST_POSTGRES'];

/** A schema of the test's own, dropped by `drop`. */
export async function freshSchema(url: string): Promise<{ config: PostgresConfig; drop(): Promise<void> }> {
  const schema = `test_${randomUUID().replaceAll('-', '')}`;
  await statement(url, `CREATE SCHEMA ${schema}`);
  return {
    config: { client: 'postgres', connection: url, schema },
    drop: () => statement(url, `DROP SCHEMA ${schema} CASCADE`),
  };
}

export async function statement(url: string, sql: string): Promise<void> {
  const database = await openDatabase({ client: 'postgres', connection: url });
  try {
    await database.knex.raw(sql);
  } finally {
    await database.close();
  }
}
