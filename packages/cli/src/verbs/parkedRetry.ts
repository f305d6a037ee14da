import type { ParkedSelection } from '@soar-feed/core/runtime';
import { changeParked } from '../changeParked.js';
import { exitCodes } from '../exitCodes.js';
import type { GlobalArgs } from '../globalOptions.js';
import { stateConfigOf, withState } from '../openState.js';
import { counted } from '../output/counted.js';

export async function parkedRetry(args: GlobalArgs, selection: ParkedSelection): Promise<number> {
  const config = stateConfigOf(args);
  // A state that is not there is told, not made.
  await withState(config, { readOnly: true }, async () => undefined);
  const { rows, raw, left, by } = await changeParked(config, 'retry', selection);
  const when = by === 'host' ? 'the running host tries them now' : 'the next host to run tries them';
  const lines = [
    rows + raw === 0 ? 'Nothing was put back in line.' : `Back in line: ${counted(rows, raw)}; ${when}.`,
    ...(left === 0 ? [] : [`Left alone: ${counted(left, 0)}, which come back by themselves.`]),
  ];
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  return exitCodes.done.code;
}
