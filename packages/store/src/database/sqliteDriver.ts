import { fileURLToPath } from 'node:url';
import type sqlite3 from 'sqlite3';
import { UnusableDatabaseError } from './faults.js';
import { reinstallAdvice } from './reinstallAdvice.js';

export type SqliteDriver = typeof sqlite3;

/** npm 12 runs no build scripts unless it is told to; then the native part is missing. */
export async function loadSqliteDriver(): Promise<SqliteDriver> {
  try {
    const { default: driver } = await import('sqlite3');
    return driver;
  } catch (error) {
    throw new UnusableDatabaseError(
      `The native part of sqlite3 is missing: ${reinstallAdvice(fileURLToPath(import.meta.url))}`,
      {
        code: 'store-driver-missing',
        cause: error,
      },
    );
  }
}
