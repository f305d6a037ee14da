import type { FeedStatus, ReloadReport, ReloadRequest, ReloadStatus, StatusReport } from '@soar-feed/core/runtime';
import { awaitQuiet } from '../awaitQuiet.js';
import type { GlobalArgs } from '../globalOptions.js';
import { exitCodes } from '../exitCodes.js';
import { askHost } from '../http/askHost.js';
import { controlPath } from '../http/controlPath.js';
import { HostDoors } from '../http/HostDoors.js';
import { onHangup } from '../onHangup.js';
import { onStopSignal } from '../onStopSignal.js';
import { openHost } from '../openHost.js';
import { stateConfigOf } from '../openState.js';
import { summarise, summaryText } from '../output/reloadSummary.js';
import { showReload } from '../output/showReload.js';
import { widthOf } from '../output/table.js';
import { Terminal } from '../output/Terminal.js';
import { UsageError } from '../UsageError.js';

export interface ReloadArgs extends GlobalArgs {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly types?: string | undefined;
  readonly feed?: string | undefined;
  readonly method?: ReloadRequest['method'] | undefined;
  readonly allowDeletes?: number | undefined;
  readonly json: boolean;
}

/** The result of a reload, here or in the running host. */
export interface ReloadAnswer {
  readonly report: ReloadReport;
  readonly feeds: readonly FeedStatus[];
  readonly types: readonly string[];
}

/** Done by the running host; if none runs, the command takes the state database itself. */
export async function reload(args: ReloadArgs, request: ReloadRequest): Promise<number> {
  const path = controlPath(stateConfigOf(args));
  const answer = await reloadThere(path, request);
  if (answer === INTERRUPTED) return exitCodes.reloadIncomplete.code;
  return answer === undefined ? reloadHere(args, request) : tell(answer, args.json);
}

const INTERRUPTED = Symbol('interrupted');

/** Shows on a terminal how far the running host is. Ctrl-C ends only the waiting. */
async function reloadThere(
  path: string,
  request: ReloadRequest,
): Promise<ReloadAnswer | typeof INTERRUPTED | undefined> {
  const terminal = new Terminal(process.stderr);
  const status = (): Promise<ReloadStatus | undefined> =>
    askHost<StatusReport>(path, { method: 'GET', path: '/status' }).then((report) => report?.reload);
  let endShowing: () => void = () => undefined;
  let endListening: () => void = () => undefined;
  const interrupted = new Promise<typeof INTERRUPTED>((resolve) => {
    endListening = onStopSignal(() => resolve(INTERRUPTED));
  });
  try {
    if (terminal.isInteractive) endShowing = showReload(status, { terminal, everyMs: 1_000 });
    const answer = askHost<ReloadAnswer>(path, { method: 'POST', path: '/reload', body: request });
    const first = await Promise.race([answer, interrupted]);
    if (first === INTERRUPTED) {
      endShowing();
      terminal.writeLine('The running host continues the reload; `soar-feed status` shows how far it is.');
    }
    return first;
  } finally {
    endShowing();
    endListening();
  }
}

async function reloadHere(args: ReloadArgs, request: ReloadRequest): Promise<number> {
  const terminal = new Terminal(process.stderr);
  const opened = await openHost(args, terminal, args.json ? { level: 'warn' } : {});
  const { host, log } = opened;
  const endShowing = args.json
    ? () => undefined
    : showReload(() => Promise.resolve(host.status().reload), { terminal, log });
  const endHearing = onHangup(opened, { args });
  const stopping = new AbortController();
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= host.stop());
  const endListening = onStopSignal(() => {
    stopping.abort();
    stop().catch(() => undefined); // reported where it is awaited, below
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
    endHearing();
  }
  // Last, below the log lines of the end.
  return tell(answer, args.json);
}

function tell({ report, feeds, types }: ReloadAnswer, asJson: boolean): number {
  const summary = summarise(report, feeds, types);
  process.stdout.write(
    asJson ? `${JSON.stringify(summary, null, 2)}\n` : summaryText(summary, widthOf(process.stdout)),
  );
  return (summary.ok ? exitCodes.done : exitCodes.reloadIncomplete).code;
}
