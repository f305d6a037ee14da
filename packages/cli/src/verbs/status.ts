import { healthOf, makeReport, readStored, sharedRedactor } from '@soar-feed/core/runtime';
import type { StateConfig, StatusReport } from '@soar-feed/core/runtime';
import type { GlobalArgs } from '../globalOptions.js';
import { exitCodes } from '../exitCodes.js';
import { askHost } from '../http/askHost.js';
import { controlPath } from '../http/controlPath.js';
import { stateConfigOf, withState } from '../openState.js';
import { statusText } from '../output/statusText.js';
import { widthOf } from '../output/table.js';

export interface StatusArgs extends GlobalArgs {
  readonly json: boolean;
}

/** Asks the running host; if none runs, reads the state database. */
export async function status(args: StatusArgs): Promise<number> {
  const config = stateConfigOf(args);
  const report =
    (await askHost<StatusReport>(controlPath(config), { method: 'GET', path: '/status' })) ?? (await atRest(config));
  const shown = sharedRedactor.redactAll(report);
  process.stdout.write(
    args.json ? `${JSON.stringify(shown, null, 2)}\n` : statusText(shown, Date.now(), widthOf(process.stdout)),
  );
  return (isHealthy(report) ? exitCodes.done : exitCodes.notHealthy).code;
}

function atRest(config: StateConfig): Promise<StatusReport> {
  const { feedNames } = config.feeds;
  return withState(config, { readOnly: true }, async (store) =>
    makeReport(await readStored(store), { feedNames, nowMs: Date.now() }),
  );
}

function isHealthy({ running, source, queue, store, feeds, standby }: StatusReport): boolean {
  const ofStandby = standby === undefined ? {} : { standby };
  return running && queue !== undefined && healthOf({ source, queue, store, feeds, ...ofStandby }).ok;
}
