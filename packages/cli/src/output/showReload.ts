import type { Logger } from '@soar-feed/core';
import type { FeedHost } from '@soar-feed/core/runtime';
import type { Terminal } from './Terminal.js';

const REDRAW_MS = 200;
/** Between two log lines, where nobody watches. */
const LOG_EVERY_MS = 5_000;
const FIRST_LOG_MS = 1_000;

/**
 * While a reload runs: a line that counts up on a terminal, else a log line now and then. Watches until the returned
 * function is called.
 */
export function showReload(host: FeedHost, terminal: Terminal, log: Logger): () => void {
  let startedAt: number | undefined;
  let logAt = 0;
  const look = (): void => {
    const { running, incidents, objects } = host.status().reload;
    if (!running) {
      startedAt = undefined;
      terminal.status('');
      return;
    }
    const now = performance.now();
    if (startedAt === undefined) {
      startedAt = now;
      logAt = now + FIRST_LOG_MS;
    }
    const seconds = Math.round((now - startedAt) / 1000);
    const sentence = `Reload: ${incidents} incidents, ${objects} objects so far (${seconds} s)`;
    terminal.status(sentence);
    if (terminal.isInteractive || now < logAt) return;
    log.info(sentence, { event: 'reload.progress', incidents, objects });
    logAt = now + LOG_EVERY_MS;
  };
  const timer = setInterval(look, REDRAW_MS);
  return () => {
    clearInterval(timer);
    terminal.status('');
  };
}
