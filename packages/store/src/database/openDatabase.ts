import type { Database, DatabaseConfig, OpenDatabaseOptions } from './Database.js';
import { openPostgres } from './postgres.js';
import { openSqlite } from './sqlite.js';

/**
 * Opens a database after looking at it: a file that is not SQLite, damaged or out of reach is refused and stays as it
 * was. Throws `StoreError`, which names the database and says what to do.
 */
export function openDatabase(config: DatabaseConfig, options: OpenDatabaseOptions = {}): Promise<Database> {
  return config.client === 'sqlite' ? openSqlite(config, options) : openPostgres(config, options);
}
