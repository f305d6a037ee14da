import type { Database, DatabaseConfig, OpenDatabaseOptions } from './Database.js';
import { openPostgres } from './postgres.js';
import { openSqlite } from './sqlite.js';

/**
 * Checks and opens a database: a file that is not SQLite, damaged or inaccessible is refused and stays unchanged.
 * Throws `StoreError`, which names the database and says what to do.
 */
export function openDatabase(config: DatabaseConfig, options: OpenDatabaseOptions = {}): Promise<Database> {
  return config.client === 'sqlite' ? openSqlite(config, options) : openPostgres(config, options);
}
