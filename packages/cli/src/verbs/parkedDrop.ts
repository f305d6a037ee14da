import { createInterface } from 'node:readline/promises';
import type { FeedStore } from '@soar-feed/core';
import { selectRaw, selectRows } from '@soar-feed/core/runtime';
import type { ParkedSelection } from '@soar-feed/core/runtime';
import { changeParked } from '../changeParked.js';
import type { SelectionArgs } from '../selection.js';
import { exitCodes } from '../exitCodes.js';
import { stateConfigOf, withState } from '../openState.js';
import { counted } from '../output/counted.js';
import { UsageError } from '../UsageError.js';

export interface DropArgs extends SelectionArgs {
  readonly yes: boolean;
}

/** Dropping is final, so a person is asked; if nobody can be asked, `--yes` is required. */
export async function parkedDrop(args: DropArgs, selection: ParkedSelection): Promise<number> {
  if (!args.yes && !(process.stdin.isTTY && process.stderr.isTTY)) {
    throw new UsageError('Dropping is final, and there is no terminal to ask on: add --yes to confirm.');
  }
  const config = stateConfigOf(args);
  const found = await withState(config, { readOnly: true }, (store) => count(store, selection));
  if (found.rows + found.raw === 0) {
    process.stdout.write('No parked row matches.\n');
    return (args.row === undefined ? exitCodes.done : exitCodes.nothingDone).code;
  }
  if (!args.yes && !(await confirmed(counted(found.rows, found.raw)))) {
    process.stdout.write('Nothing was dropped.\n');
    return exitCodes.nothingDone.code;
  }
  const { rows, raw } = await changeParked(config, 'drop', selection);
  process.stdout.write(`Dropped: ${counted(rows, raw)}.\n`);
  return exitCodes.done.code;
}

async function count(store: FeedStore, selection: ParkedSelection): Promise<{ rows: number; raw: number }> {
  const found = { rows: 0, raw: 0 };
  for await (const _ of selectRows(store, selection)) found.rows += 1;
  for await (const _ of selectRaw(store, selection)) found.raw += 1;
  return found;
}

async function confirmed(what: string): Promise<boolean> {
  const line = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await line.question(
      `Drop ${what}, and the rows that wait for them? They will never reach the target. [y/N] `,
    );
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    line.close();
  }
}
