import type { ParkedSelection } from '@soar-feed/core/runtime';
import { askToChange } from '../changeParked.js';
import { exitCodes } from '../exitCodes.js';
import type { GlobalArgs } from '../globalOptions.js';
import { openHost } from '../openHost.js';
import { stateConfigOf, withState } from '../openState.js';
import { Terminal } from '../output/Terminal.js';

export interface AdoptArgs extends GlobalArgs {
  readonly row: string;
  readonly target: number;
  readonly feed?: string | undefined;
}

/**
 * Done by the running host; if none runs, by a host that opens the targets and delivers nothing. Throws
 * `PermanentError` if the target refuses, and what a start throws.
 */
export async function parkedAdopt(args: AdoptArgs, selection: ParkedSelection): Promise<number> {
  const { row, target: targetId } = args;
  const config = stateConfigOf(args);
  // A missing state database is reported, not created.
  await withState(config, { readOnly: true }, async () => undefined);
  const answer = await askToChange(config, 'adopt', { ...selection, targetId });
  if (answer === undefined) await adoptAtRest(args, selection);
  const when = answer === undefined ? 'The next host that runs' : 'The running host';
  process.stdout.write(`${row} is ${targetId} in the target. ${when} updates it there.\n`);
  return exitCodes.done.code;
}

async function adoptAtRest(args: AdoptArgs, selection: ParkedSelection): Promise<void> {
  const { host } = await openHost(args, new Terminal(process.stderr), { level: 'warn' });
  try {
    await host.start({ queue: false, reload: false, replay: false, patient: false });
    await host.adoptParked(selection, args.target);
  } finally {
    await host.stop();
  }
}
