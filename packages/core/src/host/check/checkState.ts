import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { StateDatabase } from '../../config/stateDatabase.js';
import { nameOfStateDatabase } from '../../config/stateDatabase.js';
import { StoreError } from '../../contract/errors.js';
import type { FeedStore } from '../../contract/FeedStore.js';
import { openStore } from '../openStore.js';
import type { CheckLine } from './CheckLine.js';
import { failure, within } from './CheckLine.js';

/** Opens the store read-only; without a store, checks the place of its file. */
export async function checkState(database: StateDatabase, store?: FeedStore): Promise<CheckLine> {
  const name = nameOfStateDatabase(database);
  const isMissing = database.client === 'sqlite' && !(await may(database.file, constants.F_OK));
  try {
    if (store !== undefined) await within(openStore(store, { readOnly: true }));
  } catch (error) {
    const startWould = error instanceof StoreError ? error.startWould : undefined;
    if (startWould === undefined || (startWould === 'create' && !isMissing)) return failure('state', error);
  } finally {
    await store?.close();
  }
  const isPlaceable = database.client !== 'sqlite' || (await isUsable(database.file, isMissing));
  if (!isPlaceable) {
    const detail = isMissing
      ? `the folder of ${name} is missing or cannot be written`
      : `${name} cannot be read and written`;
    const advice = 'Let the user that runs soar-feed write there, or set [feeds] state_db.';
    return { subject: 'state', state: 'fail', detail: `[feeds] state_db: ${detail}`, advice, code: 'store-unreadable' };
  }
  return { subject: 'state', state: 'ok', detail: isMissing ? `${name} (created at the first start)` : name };
}

async function isUsable(file: string, isMissing: boolean): Promise<boolean> {
  return may(isMissing ? dirname(file) : file, constants.R_OK | constants.W_OK);
}

async function may(path: string, mode: number): Promise<boolean> {
  try {
    await access(path, mode);
    return true;
  } catch {
    return false;
  }
}
