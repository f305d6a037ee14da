import { selectRaw, selectRows, sharedRedactor } from '@soar-feed/core/runtime';
import type { ParkedSelection } from '@soar-feed/core/runtime';
import type { SelectionArgs } from '../selection.js';
import { exitCodes } from '../exitCodes.js';
import { stateConfigOf, withState } from '../openState.js';
import { groupParked, groupsText } from '../output/parkedGroups.js';
import { widthOf } from '../output/table.js';

export interface ListArgs extends SelectionArgs {
  readonly json: boolean;
}

export async function parkedList(args: ListArgs, selection: ParkedSelection): Promise<number> {
  const groups = await withState(stateConfigOf(args), { readOnly: true }, (store) =>
    groupParked(selectRows(store, selection), selectRaw(store, selection)),
  );
  const shown = sharedRedactor.redactAll(groups);
  process.stdout.write(
    args.json
      ? `${JSON.stringify({ groups: shown }, null, 2)}\n`
      : groupsText(shown, Date.now(), widthOf(process.stdout)),
  );
  return exitCodes.done.code;
}
