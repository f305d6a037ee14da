import { copyFileSync, existsSync, rmSync } from 'node:fs';
import type sqlite3 from 'sqlite3';
import { driver, NativeDatabase } from './driver.js';

/**
 * Reads a database file as it is at this moment, in a copy: nothing that a killed process left is recovered in its place. The rows
 * of each query; nothing where its table is missing.
 */
export async function readRows<Rows extends readonly unknown[]>(
  file: string,
  queries: { readonly [Each in keyof Rows]: string },
): Promise<{ readonly [Each in keyof Rows]: readonly Rows[Each][] }> {
  type All = { readonly [Each in keyof Rows]: readonly Rows[Each][] };
  const none = queries.map(() => []) as unknown as All;
  if (!existsSync(file)) return none;
  const copy = `${file}.read`;
  for (const ending of ENDINGS) {
    if (existsSync(file + ending)) copyFileSync(file + ending, copy + ending);
  }
  const database = await opened(copy);
  try {
    if (database === undefined) return none;
    const found: (readonly unknown[])[] = [];
    for (const sql of queries) found.push(await rowsOf(database, sql));
    return found as unknown as All;
  } finally {
    if (database !== undefined) await closed(database);
    for (const ending of [...ENDINGS, '-shm']) rmSync(copy + ending, { force: true });
  }
}

/** Does this to a database file, if it can be done. */
export async function runIn(file: string, sql: string): Promise<void> {
  const database = await opened(file);
  if (database === undefined) return;
  await new Promise<void>((resolve) => void database.run(sql, () => resolve()));
  await closed(database);
}

const ENDINGS = ['', '-wal'] as const;

function opened(file: string): Promise<sqlite3.Database | undefined> {
  return new Promise((resolve) => {
    const database: sqlite3.Database = new NativeDatabase(file, driver.OPEN_READWRITE, (error) =>
      resolve(error === null ? database : undefined),
    );
  });
}

function rowsOf(database: sqlite3.Database, sql: string): Promise<readonly unknown[]> {
  return new Promise((resolve) =>
    NativeDatabase.prototype.all.call(database, sql, (error: Error | null, found: unknown[]) =>
      resolve(error === null ? found : []),
    ),
  );
}

function closed(database: sqlite3.Database): Promise<void> {
  return new Promise((resolve) => NativeDatabase.prototype.close.call(database, () => resolve()));
}
