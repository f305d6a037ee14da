import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FeedError, StoreError } from '@soar-feed/core';
import {
  HeldByUsError,
  Lease,
  MissingDatabaseError,
  UnusableDatabaseError,
  componentsIn,
  migrate,
  openDatabase,
  stepsDone,
  storeErrorOf,
} from '@soar-feed/store';
import type { Database, DatabaseConfig } from '@soar-feed/store';
import { inspectSyncTable } from './table/inspectSyncTable.js';
import { SYNC, mappingSteps } from './table/steps.js';

const COMPONENT = 'resilient-mapping';

export interface InspectOptions {
  /** This process had the mapping open before. A new file in its place would forget every object. */
  readonly mustExist?: boolean;
}

export interface OpenedMapping {
  readonly database: Database;
  readonly lease: Lease;
}

/**
 * Opens the mapping and brings its tables to our shape. A file that is not a mapping, or one of a newer version, is
 * refused before anything in it is changed. Throws `StoreError`.
 */
export async function openMapping(
  config: DatabaseConfig,
  targetOrgId: number,
  options: InspectOptions = {},
): Promise<OpenedMapping> {
  await inspectMapping(config, options);
  const database = await openDatabase(config);
  try {
    const lease = await takeLease(database, targetOrgId);
    try {
      await migrate(database, COMPONENT, mappingSteps);
      return { database, lease };
    } catch (error) {
      await lease.release();
      throw error;
    }
  } catch (error) {
    await database.close();
    throw asStoreError(error, database, 'open the mapping');
  }
}

/** Two feeds of one host with the same mapping and target would each take the other's rows for their own. */
async function takeLease(database: Database, targetOrgId: number): Promise<Lease> {
  try {
    return await Lease.take(database, `mapping-${targetOrgId}`);
  } catch (error) {
    if (!(error instanceof HeldByUsError)) throw error;
    throw new UnusableDatabaseError(
      `${database.name} is the mapping of another feed of this host that has the same target organization (${targetOrgId}): give each feed a mapping of its own, or take one of the two out of feed_names.`,
      { code: 'mapping-shared', cause: error, details: { targetOrgId } },
    );
  }
}

/** Throws `StoreError` if `openMapping` would refuse the mapping for good. Changes nothing. */
export async function inspectMapping(
  config: DatabaseConfig,
  { mustExist = false }: InspectOptions = {},
): Promise<void> {
  let database: Database;
  try {
    database = await openDatabase(config, { readOnly: true });
  } catch (error) {
    // There is no file yet: `openMapping` will make it.
    if (!(error instanceof MissingDatabaseError) || config.client !== 'sqlite') throw error;
    if (!mustExist) return assertPlaceable(config.file);
    const problem = `The mapping ${config.file} was removed or moved while in use: put the same file back, with the -wal beside it. Without it every object would be made again.`;
    throw new StoreError(problem, { code: 'store-moved', cause: error, details: { file: config.file } });
  }
  try {
    const { columns } = await inspectSyncTable(database);
    if (columns.size === 0) await refuseForeign(database);
    await refuseState(database);
    await stepsDone(database, COMPONENT, mappingSteps);
  } catch (error) {
    throw asStoreError(error, database, 'open the mapping');
  } finally {
    await database.close();
  }
}

/** Throws `StoreError` if a new file could not be made. */
async function assertPlaceable(file: string): Promise<void> {
  try {
    await access(dirname(file), constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new UnusableDatabaseError(
      `The folder of ${file} cannot be written: let the user that runs soar-feed write there, or name another file.`,
      { code: 'store-unreadable', cause: error },
    );
  }
}

/** A file without a mapping must be new or ours. A server's database may hold anything else as well. */
async function refuseForeign({ knex, dialect, name }: Database): Promise<void> {
  if (dialect !== 'sqlite') return;
  const tables: string[] = await knex('sqlite_master').where({ type: 'table' }).pluck('name');
  const foreign = tables.filter((table) => !table.startsWith('sqlite_') && !table.startsWith('data_feeder_'));
  if (foreign.length === 0 || foreign.some((table) => table.startsWith('soar_feed_'))) return;
  throw new UnusableDatabaseError(
    `${name} belongs to another program (tables ${foreign.slice(0, 5).join(', ')}): name another file in sqlite_sync_file.`,
    { code: 'mapping-foreign', details: { table: SYNC } },
  );
}

/** The host's state is kept in a file of its own. */
async function refuseState(database: Database): Promise<void> {
  if (database.dialect !== 'sqlite' || !(await componentsIn(database)).includes('feed')) return;
  throw new UnusableDatabaseError(
    `${database.name} holds the state of the host ([feeds] state_db): name another file in sqlite_sync_file.`,
    { code: 'mapping-foreign', details: { table: SYNC } },
  );
}

/**
 * A fault that the store does not know by name is a fault of the mapping all the same, and never means that a row is
 * missing.
 */
export function asStoreError(error: unknown, database: Database, doing: string): FeedError {
  const known = storeErrorOf(error, database.name);
  if (FeedError.is(known)) return known;
  const why = error instanceof Error ? error.message : String(error);
  return new StoreError(`Cannot ${doing} (${database.name}): ${why}`, { code: 'mapping-unavailable', cause: error });
}
