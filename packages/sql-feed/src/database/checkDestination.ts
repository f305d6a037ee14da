import { access, constants, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { UnavailableError } from '@soar-feed/core';
import { openDatabase } from '@soar-feed/store';
import { toFeedError } from './faults.js';
import { nameOf } from './nameOf.js';
import { openSqlDatabase } from './openSqlDatabase.js';
import type { Destination } from './ServerSettings.js';

/** Finds what `open` would find, and writes nothing: a file that is missing is not made. */
export async function checkDestination(destination: Destination): Promise<void> {
  if (destination.engine !== 'sqlite') {
    await (await openSqlDatabase(destination)).close();
    return;
  }
  const { file } = destination;
  const name = nameOf(destination);
  if (await isThere(file)) {
    const database = await openDatabase({ client: 'sqlite', file }, { readOnly: true }).catch((error: unknown) => {
      throw toFeedError(error, { name });
    });
    await database.close();
    return;
  }
  const folder = dirname(resolve(file));
  await access(folder, constants.W_OK | constants.X_OK).catch((error: NodeJS.ErrnoException) => {
    const problem = `${name} cannot be made in ${folder} (${error.code ?? 'unknown'}): create the folder, and let this user write to it.`;
    throw new UnavailableError(problem, { code: 'sql-unreachable', details: { database: name } });
  });
}

async function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  );
}
