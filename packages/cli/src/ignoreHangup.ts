import type { Logger } from '@soar-feed/core';

/**
 * A terminal that is closed sends SIGHUP, which ends a process that does not listen: a feed goes on. The returned
 * function takes the handler away.
 */
export function ignoreHangup(log: Logger): () => void {
  const handle = (): void =>
    log.info('SIGHUP is ignored: nothing is read again. A change of app.config or a secret needs a restart.', {
      event: 'host.hangup',
    });
  process.on('SIGHUP', handle);
  return () => void process.off('SIGHUP', handle);
}
