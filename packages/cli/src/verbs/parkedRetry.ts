import type { ParkedSelection } from '@soar-feed/core/runtime';
import { changeParked } from '../changeParked.js';
import { exitCodes } from '../exitCodes.js';
import type { SelectionArgs } from '../selection.js';
import { stateConfigOf, withState } from '../openState.js';
import { counted } from '../output/counted.js';
import { UsageError } from '../UsageError.js';

export interface RetryArgs extends SelectionArgs {
  readonly yes: boolean;
}

/** What is undecided may stand in the target already: to make it all the same must be said, not left out. */
export async function parkedRetry(args: RetryArgs, selection: ParkedSelection): Promise<number> {
  if (selection.state === 'undecided' && !args.yes) {
    throw new UsageError(
      'Trying undecided rows again makes their objects, also where the target has them already: add --yes if it is meant. Where the target has one, say which: soar-feed parked adopt ROW --target ID.',
    );
  }
  const config = stateConfigOf(args);
  // A state that is not there is told, not made.
  await withState(config, { readOnly: true }, async () => undefined);
  const { rows, raw, left, undecided, by } = await changeParked(config, 'retry', selection);
  const when = by === 'host' ? 'the running host tries them now' : 'the next host to run tries them';
  const lines = [
    rows + raw === 0 ? 'Nothing was put back in line.' : `Back in line: ${counted(rows, raw)}; ${when}.`,
    ...(left === 0 ? [] : [`Left alone: ${counted(left, 0)}, which come back by themselves.`]),
    ...(undecided === 0
      ? []
      : [
          `Left alone: ${counted(undecided, 0)} to decide on. "parked adopt ROW --target ID" says which object of the target it is; "parked retry --state undecided --yes" (or --code target-missing) makes the objects.`,
        ]),
  ];
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  // Who names a row wants to hear that there is none.
  const isMissing = args.row !== undefined && rows + raw + left + undecided === 0;
  return (isMissing ? exitCodes.nothingDone : exitCodes.done).code;
}
