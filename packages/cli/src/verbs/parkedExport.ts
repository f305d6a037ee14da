import { once } from 'node:events';
import type { ParkedSelection } from '@soar-feed/core/runtime';
import { exitCodes } from '../exitCodes.js';
import type { GlobalArgs } from '../globalOptions.js';
import { stateConfigOf, withState } from '../openState.js';
import { wholeRows } from '../wholeRows.js';

/** As the data is, without redaction: what is exported may be wanted back. */
export async function parkedExport(args: GlobalArgs, selection: ParkedSelection): Promise<number> {
  await withState(stateConfigOf(args), { readOnly: true }, async (store) => {
    for await (const row of wholeRows(store, selection)) {
      if (!process.stdout.write(`${JSON.stringify(row)}\n`)) await once(process.stdout, 'drain');
    }
  });
  return exitCodes.done.code;
}
