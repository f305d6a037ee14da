import type { Logger } from '@soar-feed/core';
import type { ReloadStatus } from '@soar-feed/core/runtime';
import { progressText } from './progressText.js';
import type { Terminal } from './Terminal.js';

const REDRAW_MS = 200;
/** Between two log lines, if the output is not a terminal. */
const LOG_EVERY_MS = 5_000;
const FIRST_LOG_MS = 1_000;

export interface ShowReloadOptions {
  readonly terminal: Terminal;
  /** Default: no log lines. */
  readonly log?: Logger;
  readonly everyMs?: number;
}

/**
 * During a reload: a line that counts up on a terminal, otherwise a log line now and then. Asks `status` until the
 * returned function is called.
 */
export function showReload(
  status: () => Promise<ReloadStatus | undefined>,
  { terminal, log, everyMs = REDRAW_MS }: ShowReloadOptions,
): () => void {
  let startedAt: number | undefined;
  let logAt = 0;
  let ended = false;
  const show = (reload: ReloadStatus | undefined): void => {
    if (ended) return;
    if (reload?.running !== true) {
      startedAt = undefined;
      terminal.status('');
      return;
    }
    const now = performance.now();
    if (startedAt === undefined) {
      startedAt = now;
      logAt = now + FIRST_LOG_MS;
    }
    const sentence = `Reload: ${progressText(reload)} (${Math.round((now - startedAt) / 1000)} s)`;
    terminal.status(sentence);
    if (terminal.isInteractive || now < logAt) return;
    const { incidents, objects, ofIncidents } = reload;
    log?.info(sentence, { event: 'reload.progress', incidents, objects, ofIncidents });
    logAt = now + LOG_EVERY_MS;
  };
  const timer = setInterval(() => void status().then(show, () => undefined), everyMs);
  return () => {
    ended = true;
    clearInterval(timer);
    terminal.status('');
  };
}
