import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type sqlite3 from 'sqlite3';

/** The driver that the store itself uses. */
export const driver = createRequire(fileURLToPath(import.meta.resolve('@soar-feed/store')))(
  'sqlite3',
) as typeof sqlite3;

export const NativeDatabase = driver.Database;
