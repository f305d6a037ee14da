import type { ReloadRange, ReloadReport } from '@soar-feed/core/runtime';
import { awaitQuiet } from '../awaitQuiet.js';
import { exitCodes } from '../exitCodes.js';
import type { ReloadArgs } from '../commands/reload.js';
import { onStopSignal } from '../onStopSignal.js';
import { openHost } from '../openHost.js';
import { summarise, summaryText } from '../output/reloadSummary.js';
import { showReload } from '../output/showReload.js';
import { Terminal } from '../output/Terminal.js';
import { UsageError } from '../UsageError.js';

/** Needs the state for itself: beside a running host it is refused, and says by whom. */
export async function reload(args: ReloadArgs): Promise<number> {
  const wanted = rangeOf(args);
  const terminal = new Terminal(process.stderr);
  const { host, log } = await openHost(args, terminal, args.json ? 'warn' : undefined);
  const range = { ...host.wholeRange(), ...wanted };
  const endShowing = args.json ? () => undefined : showReload(host, terminal, log);
  const stopping = new AbortController();
  const endListening = onStopSignal(() => {
    stopping.abort();
    void host.stop();
  });
  try {
    await host.start({ queue: false, reload: false, patient: false });
    const report = await host.reload(range);
    await awaitQuiet(host, stopping.signal);
    endShowing();
    return tell(report, host.status().feeds, range, args.json);
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
    log.warn('Interrupted before anything was read.');
    return exitCodes.reloadIncomplete.code;
  } finally {
    endShowing();
    await host.stop();
    endListening();
  }
}

function tell(
  report: ReloadReport,
  feeds: Parameters<typeof summarise>[1],
  range: ReloadRange,
  asJson: boolean,
): number {
  const summary = summarise(report, feeds, range.types);
  process.stdout.write(asJson ? `${JSON.stringify(summary, null, 2)}\n` : summaryText(summary));
  return (summary.ok ? exitCodes.done : exitCodes.reloadIncomplete).code;
}

/** What the command line says of the range; the config says the rest. */
function rangeOf({ min, max, types, method }: ReloadArgs): Partial<ReloadRange> {
  for (const [name, value] of Object.entries({ min, max })) {
    if (value === undefined || (Number.isSafeInteger(value) && value >= 0)) continue;
    throw new UsageError(`--${name} is not an incident id: a whole number from 0 on is expected.`);
  }
  if (min !== undefined && max !== undefined && min > max) {
    throw new UsageError(`--min ${min} is above --max ${max}: nothing would be loaded.`);
  }
  const names = types?.split(',').map((name) => name.trim());
  if (names?.includes('')) throw new UsageError('--types holds an empty name: write API names, separated by commas.');
  return {
    ...(min === undefined ? {} : { minIncidentId: min }),
    ...(max === undefined ? {} : { maxIncidentId: max }),
    ...(names === undefined ? {} : { types: names }),
    ...(method === undefined ? {} : { method }),
  };
}
