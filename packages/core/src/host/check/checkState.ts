import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { StateDatabase } from '../../config/stateDatabase.js';
import { nameOfStateDatabase } from '../../config/stateDatabase.js';
import type { CheckLine } from './CheckLine.js';

/** The store would be made at the first start; here only a file's place is looked at. */
export async function checkState(database: StateDatabase): Promise<CheckLine> {
  if (database.client === 'postgres') {
    const detail = `${nameOfStateDatabase(database)} (connected at the start)`;
    return { subject: 'state', state: 'ok', detail };
  }
  const { file } = database;
  const exists = await may(file, constants.F_OK);
  const place = exists ? file : dirname(file);
  if (await may(place, constants.R_OK | constants.W_OK)) {
    return { subject: 'state', state: 'ok', detail: exists ? file : `${file} (made at the first start)` };
  }
  const detail = exists
    ? `${file} cannot be read and written`
    : `the folder of ${file} is missing or cannot be written`;
  const advice = 'Let the user that runs soar-feed write there, or set [feeds] state_db.';
  return { subject: 'state', state: 'fail', detail, advice, code: 'store-unreadable' };
}

async function may(path: string, mode: number): Promise<boolean> {
  try {
    await access(path, mode);
    return true;
  } catch {
    return false;
  }
}
