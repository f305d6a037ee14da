import { writeJson } from '@soar-feed/core';
import type { ParkedSelection } from '@soar-feed/core/runtime';
import { exitCodes } from '../exitCodes.js';
import type { GlobalArgs } from '../globalOptions.js';
import { stateConfigOf, withState } from '../openState.js';
import { writeOut } from '../output/writeOut.js';
import { wholeRows } from '../wholeRows.js';

/** The data as it is, without redaction: an export may be needed to restore it. */
export async function parkedExport(args: GlobalArgs, selection: ParkedSelection): Promise<number> {
  await withState(stateConfigOf(args), { readOnly: true }, async (store) => {
    for await (const row of wholeRows(store, selection)) {
      if (!(await writeOut(`${writeJson(row)}\n`))) return;
    }
  });
  return exitCodes.done.code;
}
