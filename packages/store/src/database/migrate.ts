import type { Knex } from 'knex';
import { surroundings } from '@soar-feed/core';
import type { Database } from './Database.js';
import { UnusableDatabaseError } from './faults.js';
import { hasTable, tableOf } from './inSchema.js';
import { storeErrorOf } from './storeErrorOf.js';

/**
 * One change of a component's tables. Steps are numbered by their position: add new ones at the end, never change one.
 */
export interface MigrationStep {
  readonly name: string;
  up(trx: Knex): Promise<void>;
}

const LEDGER = 'soar_feed_migrations';

/** "soar", as a number: one migration at a time in a PostgreSQL database. */
const ADVISORY_LOCK = 0x736f6172;

/**
 * Migrates a component's tables: all missing steps or none. Throws `StoreError` `store-newer`, and changes nothing, if
 * a newer version wrote them.
 */
export async function migrate(database: Database, component: string, steps: readonly MigrationStep[]): Promise<void> {
  // Most starts find nothing to do, and must not need the write lock for that.
  if ((await stepsDone(database, component, steps)) === steps.length) return;
  await database.transaction(async (trx) => {
    if (database.dialect === 'postgres') await trx.raw('SELECT pg_advisory_xact_lock(?)', [ADVISORY_LOCK]);
    await trx.raw(
      `CREATE TABLE IF NOT EXISTS ?? (
         component text NOT NULL, step integer NOT NULL, name text NOT NULL, applied_at bigint NOT NULL,
         PRIMARY KEY (component, step))`,
      [tableOf(trx, LEDGER)],
    );
    const done = known(database, component, steps, await highest(trx, component));
    for (const [at, step] of steps.entries()) {
      if (at < done) continue;
      await step.up(trx);
      await trx(LEDGER).insert({ component, step: at + 1, name: step.name, applied_at: surroundings().now() });
    }
  });
}

/** How many of the steps the database has; throws `store-newer` like `migrate`. */
export async function stepsDone(
  database: Database,
  component: string,
  steps: readonly MigrationStep[],
): Promise<number> {
  try {
    if (!(await hasTable(database, LEDGER))) return 0;
    return known(database, component, steps, await highest(database.knex, component));
  } catch (error) {
    throw storeErrorOf(error, database.name);
  }
}

/** The components with tables in the database, sorted by name. */
export async function componentsIn(database: Database): Promise<readonly string[]> {
  try {
    if (!(await hasTable(database, LEDGER))) return [];
    const rows: readonly { readonly component: string }[] = await database.knex(LEDGER).distinct('component');
    return rows.map(({ component }) => component).sort();
  } catch (error) {
    throw storeErrorOf(error, database.name);
  }
}

async function highest(knex: Knex, component: string): Promise<number> {
  const rows: readonly { readonly step: number }[] = await knex(LEDGER)
    .where({ component })
    .orderBy('step', 'desc')
    .limit(1);
  return rows[0]?.step ?? 0;
}

function known(database: Database, component: string, steps: readonly MigrationStep[], done: number): number {
  if (done <= steps.length) return done;
  throw new UnusableDatabaseError(
    `${database.name} was written by a newer soar-feed (${component} has step ${done}, this version knows ${steps.length}): upgrade soar-feed.`,
    { code: 'store-newer', details: { database: database.name, component, step: done, known: steps.length } },
  );
}
