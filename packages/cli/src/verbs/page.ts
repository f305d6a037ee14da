import type { GlobalArgs } from '../globalOptions.js';
import { exitCodes } from '../exitCodes.js';
import { askHost } from '../http/askHost.js';
import { controlPath } from '../http/controlPath.js';
import { stateConfigOf } from '../openState.js';

export interface PageArgs extends GlobalArgs {
  readonly json: boolean;
}

/** Asks the running host for the address and the token of its page. */
export async function page(args: PageArgs): Promise<number> {
  const door = await askHost<{ readonly address: string; readonly token: string }>(controlPath(stateConfigOf(args)), {
    ...{ method: 'GET', path: '/page' },
  });
  if (door === undefined) {
    process.stderr.write('No host runs: "soar-feed run" starts one, and [feeds] status_port opens its page.\n');
    return exitCodes.nothingDone.code;
  }
  const { address, token } = door;
  process.stdout.write(
    args.json
      ? `${JSON.stringify({ address, token }, null, 2)}\n`
      : `Page:   ${address}\nToken:  ${token}\nBoth:   ${address}#token=${token}\nThe token holds until the host stops. Whoever has it can retry and drop parked rows.\n`,
  );
  return exitCodes.done.code;
}
