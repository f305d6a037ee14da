import { sharedRedactor } from '@soar-feed/core/runtime';
import type { StatusReport } from '@soar-feed/core/runtime';
import { exitCodes } from '../exitCodes.js';
import type { GlobalArgs } from '../globalOptions.js';
import { askHost } from '../http/askHost.js';
import { controlPath } from '../http/controlPath.js';
import { onStopSignal } from '../onStopSignal.js';
import { stateConfigOf } from '../openState.js';
import { widthOf } from '../output/table.js';
import { writeOut } from '../output/writeOut.js';
import { rest } from '../rest.js';
import { frameOf } from '../top/frameOf.js';
import { Screen } from '../top/Screen.js';

export interface TopArgs extends GlobalArgs {
  readonly json: boolean;
  readonly once: boolean;
}

const REFRESH_MS = 1_000;

/** Shows the running host until it is stopped. Where nobody looks, one frame, or with `--json` a line for each refresh. */
export async function top(args: TopArgs): Promise<number> {
  const path = controlPath(stateConfigOf(args));
  const ask = async (): Promise<StatusReport | undefined> => {
    const report = await askHost<StatusReport>(path, { method: 'GET', path: '/status' });
    return report === undefined ? undefined : sharedRedactor.redactAll(report);
  };
  const first = await ask();
  if (first === undefined) {
    process.stderr.write(
      'No host of this config runs: start one with "soar-feed run". "soar-feed status" reads its state.\n',
    );
    return exitCodes.notHealthy.code;
  }
  const stop = new AbortController();
  const endListening = onStopSignal(() => stop.abort());
  try {
    if (args.json) await lines(first, ask, args.once, stop.signal);
    else if (args.once || !process.stdout.isTTY) await frame(first);
    else await live(first, ask, stop);
    return exitCodes.done.code;
  } finally {
    endListening();
  }
}

type Ask = () => Promise<StatusReport | undefined>;

async function frame(report: StatusReport): Promise<void> {
  await writeOut(`${frameOf(report, Date.now(), { columns: widthOf(process.stdout) }).join('\n')}\n`);
}

/** `{"running":false}` while no host answers. */
async function lines(first: StatusReport, ask: Ask, once: boolean, signal: AbortSignal): Promise<void> {
  let report: StatusReport | undefined = first;
  while (!signal.aborted) {
    const line = { atMs: Date.now(), ...(report ?? { running: false }) };
    if (!(await writeOut(`${JSON.stringify(line)}\n`)) || once) return;
    await rest(REFRESH_MS, signal);
    report = await ask().catch(() => undefined);
  }
}

async function live(first: StatusReport, ask: Ask, stop: AbortController): Promise<void> {
  let report: StatusReport | undefined = first;
  const screen = new Screen(process.stdout, process.stdin, {
    quit: () => stop.abort(),
    resize: () => draw(),
  });
  const draw = (): void => screen.draw(frameOf(report, Date.now(), screen.size));
  // Whatever ends the process, the terminal must be usable after it.
  const leave = (): void => screen.close();
  process.once('exit', leave);
  screen.open();
  try {
    while (!stop.signal.aborted) {
      draw();
      await rest(REFRESH_MS, stop.signal);
      report = await ask().catch(() => undefined);
    }
  } finally {
    leave();
    process.off('exit', leave);
  }
}
