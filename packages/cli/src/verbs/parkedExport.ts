import { writeJson } from '@soar-feed/core';
import { once } from 'node:events';
import type { ParkedSelection } from '@soar-feed/core/runtime';
import { exitCodes } from '../exitCodes.js';
import type { GlobalArgs } from '../globalOptions.js';
import { stateConfigOf, withState } from '../openState.js';
import { wholeRows } from '../wholeRows.js';

const drained = () => once(process.stdout, 'drain').catch(() => undefined);
const closed = () => once(process.stdout, 'close').catch(() => undefined);

/** As the data is, without redaction: what is exported may be wanted back. */
export async function parkedExport(args: GlobalArgs, selection: ParkedSelection): Promise<number> {
  await withState(stateConfigOf(args), { readOnly: true }, async (store) => {
    for await (const row of wholeRows(store, selection)) {
      // Whoever reads may stop reading: that is no failure.
      if (process.stdout.destroyed) return;
      if (!process.stdout.write(`${writeJson(row)}\n`)) await Promise.race([drained(), closed()]);
    }
  });
  return exitCodes.done.code;
}
