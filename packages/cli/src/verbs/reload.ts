import type { FeedStatus, ReloadReport, ReloadRequest } from '@soar-feed/core/runtime';
import { awaitQuiet } from '../awaitQuiet.js';
import type { GlobalArgs } from '../globalOptions.js';
import { exitCodes } from '../exitCodes.js';
import { askHost } from '../http/askHost.js';
import { controlPath } from '../http/controlPath.js';
import { HostDoors } from '../http/HostDoors.js';
import { ignoreHangup } from '../ignoreHangup.js';
import { onStopSignal } from '../onStopSignal.js';
import { openHost } from '../openHost.js';
import { stateConfigOf } from '../openState.js';
import { summarise, summaryText } from '../output/reloadSummary.js';
import { showReload } from '../output/showReload.js';
import { Terminal } from '../output/Terminal.js';
import { UsageError } from '../UsageError.js';

export interface ReloadArgs extends GlobalArgs {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly types?: string | undefined;
  readonly method?: ReloadRequest['method'] | undefined;
  readonly allowDeletes?: number | undefined;
  readonly json: boolean;
}

/** What a reload came to, here or in the running host. */
export interface ReloadAnswer {
  readonly report: ReloadReport;
  readonly feeds: readonly FeedStatus[];
  readonly types: readonly string[];
}

/** By the running host; where none runs, the command takes the state for itself. */
export async function reload(args: ReloadArgs, request: ReloadRequest): Promise<number> {
  const path = controlPath(stateConfigOf(args));
  const answer = await askHost<ReloadAnswer>(path, { method: 'POST', path: '/reload', body: request });
  return answer === undefined ? reloadHere(args, request) : tell(answer, args.json);
}

async function reloadHere(args: ReloadArgs, request: ReloadRequest): Promise<number> {
  const terminal = new Terminal(process.stderr);
  const opened = await openHost(args, terminal, args.json ? 'warn' : undefined);
  const { host, log } = opened;
  const endShowing = args.json ? () => undefined : showReload(host, terminal, log);
  const endIgnoring = ignoreHangup(log);
  const stopping = new AbortController();
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= host.stop());
  const endListening = onStopSignal(() => {
    stopping.abort();
    stop().catch(() => undefined); // told where it is awaited, below
  });
  const doors = await HostDoors.open(opened, { monitoring: false });
  let answer: ReloadAnswer;
  try {
    await host.start({ queue: false, reload: false, patient: false });
    const whole = { ...host.wholeRange(), ...request };
    const unknown = await host.unknownTypes(request.types ?? []);
    if (unknown.length > 0) throw new UsageError(`--types names ${unknown.join('; and ')}`);
    const report = await host.reload(whole);
    await awaitQuiet(host, stopping.signal);
    endShowing();
    answer = { report, feeds: host.status().feeds, types: whole.types };
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
    log.warn('Interrupted before anything was read.');
    return exitCodes.reloadIncomplete.code;
  } finally {
    endShowing();
    await stop();
    await doors.close();
    endListening();
    endIgnoring();
  }
  // Last, below what the log says of the end.
  return tell(answer, args.json);
}

function tell({ report, feeds, types }: ReloadAnswer, asJson: boolean): number {
  const summary = summarise(report, feeds, types);
  process.stdout.write(asJson ? `${JSON.stringify(summary, null, 2)}\n` : summaryText(summary));
  return (summary.ok ? exitCodes.done : exitCodes.reloadIncomplete).code;
}
