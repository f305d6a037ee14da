import type { Logger } from '@soar-feed/core';

/**
 * A closed terminal sends SIGHUP, which ends a process without a handler. A feed must continue. The returned function
 * removes the handler.
 */
export function ignoreHangup(log: Logger): () => void {
  const handle = (): void =>
    log.info('SIGHUP is ignored: nothing is read again. Restart the host after a change of app.config or a secret.', {
      event: 'host.hangup',
    });
  process.on('SIGHUP', handle);
  return () => void process.off('SIGHUP', handle);
}
