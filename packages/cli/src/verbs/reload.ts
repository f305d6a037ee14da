import type { ReloadRange, ReloadReport } from '@soar-feed/core/runtime';
import { awaitQuiet } from '../awaitQuiet.js';
import type { GlobalArgs } from '../globalOptions.js';
import { exitCodes } from '../exitCodes.js';
import { HostDoors } from '../http/HostDoors.js';
import { onStopSignal } from '../onStopSignal.js';
import { openHost } from '../openHost.js';
import { summarise, summaryText } from '../output/reloadSummary.js';
import { showReload } from '../output/showReload.js';
import { Terminal } from '../output/Terminal.js';

export interface ReloadArgs extends GlobalArgs {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly types?: string | undefined;
  readonly method?: ReloadRange['method'] | undefined;
  readonly json: boolean;
}

/** Needs the state for itself: beside a running host it is refused, and says by whom. */
export async function reload(args: ReloadArgs, wanted: Partial<ReloadRange>): Promise<number> {
  const terminal = new Terminal(process.stderr);
  const opened = await openHost(args, terminal, args.json ? 'warn' : undefined);
  const { host, log } = opened;
  const range = { ...host.wholeRange(), ...wanted };
  const endShowing = args.json ? () => undefined : showReload(host, terminal, log);
  const stopping = new AbortController();
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= host.stop());
  const endListening = onStopSignal(() => {
    stopping.abort();
    stop().catch(() => undefined); // told where it is awaited, below
  });
  const doors = await HostDoors.open(opened, { monitoring: false });
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
    await stop();
    await doors.close();
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
