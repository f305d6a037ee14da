import { writeJson } from '@soar-feed/core';
import { once } from 'node:events';
import type { ParkedSelection } from '@soar-feed/core/runtime';
import { exitCodes } from '../exitCodes.js';
import type { GlobalArgs } from '../globalOptions.js';
import { stateConfigOf, withState } from '../openState.js';
import { wholeRows } from '../wholeRows.js';

const drained = () => once(process.stdout, 'drain').catch(() => undefined);
const closed = () => once(process.stdout, 'close').catch(() => undefined);

/** The data as it is, without redaction: an export may be needed to restore it. */
export async function parkedExport(args: GlobalArgs, selection: ParkedSelection): Promise<number> {
  await withState(stateConfigOf(args), { readOnly: true }, async (store) => {
    for await (const row of wholeRows(store, selection)) {
      // The reader may stop reading: that is not a failure.
      if (process.stdout.destroyed) return;
      if (!process.stdout.write(`${writeJson(row)}\n`)) await Promise.race([drained(), closed()]);
    }
  });
  return exitCodes.done.code;
}
