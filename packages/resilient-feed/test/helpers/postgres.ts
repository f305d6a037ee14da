import { randomUUID } from 'node:crypto';
import { describe, it } from '@jest/globals';
import { openDatabase } from '@soar-feed/store';
import type { PostgresConfig } from '@soar-feed/store';

/** The URL of a PostgreSQL database whose user may create others. */
const POSTGRES_URL = process.env['SOAR_FEED_TEST_POSTGRES'];

const MISSING =
  'SOAR_FEED_TEST_POSTGRES is not set: the URL of a PostgreSQL database, such as postgres://soar@127.0.0.1:5432/soar';

/** Tests that need PostgreSQL. Without one they are skipped with a line that says so, or fail where one is required. */
export function withPostgres(name: string, tests: (url: string) => void): void {
  if (POSTGRES_URL !== undefined) {
    const url = POSTGRES_URL;
    describe(name, () => tests(url));
  } else if (process.env['REQUIRE_SERVICES'] === '1') {
    it('has a PostgreSQL to test with', () => {
      throw new Error(MISSING);
    });
  } else {
    console.warn(`PostgreSQL tests are skipped. ${MISSING}`);
    it.skip('has a PostgreSQL to test with', () => undefined);
  }
}

export interface FreshDatabase {
  readonly url: string;
  readonly config: PostgresConfig;
  /** Copies the database as it is now, and returns the copy's name; nobody may be connected. */
  copy(): Promise<string>;
  /** Replaces the database by such a copy, even while somebody is connected. */
  putBack(copy: string): Promise<void>;
  /** Drops its copies, too. */
  drop(): Promise<void>;
}

/** A database of the test's own on that server. */
export async function freshDatabase(server: string): Promise<FreshDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await statement(server, `CREATE DATABASE ${name}`);
  const address = new URL(server);
  address.pathname = `/${name}`;
  const copies: string[] = [];
  return {
    url: address.href,
    config: { client: 'postgres', connection: address.href },
    async copy() {
      const copy = `${name}_${copies.length}`;
      copies.push(copy);
      await statement(server, `CREATE DATABASE ${copy} TEMPLATE ${name}`);
      return copy;
    },
    async putBack(copy) {
      await statement(server, `DROP DATABASE ${name} WITH (FORCE)`);
      await statement(server, `CREATE DATABASE ${name} TEMPLATE ${copy}`);
    },
    async drop() {
      for (const each of [name, ...copies]) await statement(server, `DROP DATABASE ${each} WITH (FORCE)`);
    },
  };
}

async function statement(url: string, sql: string): Promise<void> {
  const database = await openDatabase({ client: 'postgres', connection: url });
  try {
    await database.knex.raw(sql);
  } finally {
    await database.close();
  }
}
