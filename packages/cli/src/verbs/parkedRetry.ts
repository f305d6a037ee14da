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

/** An undecided object may already exist in the target: creating it anyway needs an explicit option. */
export async function parkedRetry(args: RetryArgs, selection: ParkedSelection): Promise<number> {
  if (selection.state === 'undecided' && !args.yes) {
    throw new UsageError(
      'A retry of undecided rows creates their objects, even if the target already has them: add --yes to confirm. If the target has one, name it: soar-feed parked adopt ROW --target ID.',
    );
  }
  const config = stateConfigOf(args);
  // A missing state database is reported, not created.
  await withState(config, { readOnly: true }, async () => undefined);
  const { rows, raw, left, undecided, by } = await changeParked(config, 'retry', selection);
  const when = by === 'host' ? 'the running host tries them now' : 'the next host that runs tries them';
  const lines = [
    rows + raw === 0 ? 'Nothing was put back in line.' : `Back in line: ${counted(rows, raw)}; ${when}.`,
    ...(left === 0 ? [] : [`Not changed: ${counted(left, 0)} that will return without a retry.`]),
    ...(undecided === 0
      ? []
      : [
          `Not changed: ${counted(undecided, 0)} to decide on. "parked adopt ROW --target ID" names the object in the target; "parked retry --state undecided --yes" (or --code target-missing) creates the objects.`,
        ]),
  ];
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  // If a row was named, say that it does not exist.
  const isMissing = args.row !== undefined && rows + raw + left + undecided === 0;
  return (isMissing ? exitCodes.nothingDone : exitCodes.done).code;
}
