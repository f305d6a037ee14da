import { exitCodes } from '../exitCodes.js';
import type { GlobalArgs } from '../globalOptions.js';
import { controlPath } from '../http/controlPath.js';
import { followHost } from '../http/followHost.js';
import { onStopSignal } from '../onStopSignal.js';
import { stateConfigOf } from '../openState.js';
import { tapText } from '../output/tapText.js';
import { writeOut } from '../output/writeOut.js';
import type { TapFilter } from '../tap/TapFilter.js';
import type { TapLine } from '../tap/TapLine.js';

export interface TapArgs extends GlobalArgs, TapFilter {
  readonly fields: boolean;
  readonly json: boolean;
}

/** Shows the events of the running host until it is stopped, or the host stops. */
export async function tap(args: TapArgs): Promise<number> {
  const stop = new AbortController();
  const endListening = onStopSignal(() => stop.abort());
  try {
    const lines = await followHost<TapLine>(controlPath(stateConfigOf(args)), pathOf(args), stop.signal);
    if (lines === undefined) return noHost();
    let ended = false;
    for await (const line of lines) {
      ended ||= line.kind === 'end';
      if (!(await writeOut(args.json ? `${JSON.stringify(line)}\n` : tapText(line)))) return exitCodes.done.code;
    }
    if (ended || stop.signal.aborted) return exitCodes.done.code;
    process.stderr.write('The host is gone without a word: its log may say why.\n');
    return exitCodes.notHealthy.code;
  } catch (error) {
    if (stop.signal.aborted) return exitCodes.done.code;
    throw error;
  } finally {
    endListening();
    stop.abort();
  }
}

function noHost(): number {
  process.stderr.write('No host of this config runs, so nothing passes: start one with "soar-feed run".\n');
  return exitCodes.notHealthy.code;
}

function pathOf({ incident, feed, type, fields }: TapArgs): string {
  const asked = Object.entries({ incident, feed, type, ...(fields ? { fields } : {}) });
  const query = asked.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as const]));
  return `/tap?${new URLSearchParams(Object.fromEntries(query)).toString()}`;
}
