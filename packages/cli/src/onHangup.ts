import type { LogLevel } from '@soar-feed/core/runtime';
import type { GlobalArgs } from './globalOptions.js';
import type { OpenedHost } from './openHost.js';

export interface HangupOptions {
  /** The command line's level wins over the file's, at each reading. */
  readonly args: GlobalArgs;
  /** Told before and after the config is read. */
  readonly onReloading?: (state: 'begins' | 'ends') => void;
}

/**
 * SIGHUP, which a closed terminal sends, too: the log level and the secrets are read again, and the log file is opened
 * again. A config with problems changes nothing. The returned function removes the handler.
 */
export function onHangup({ host, log, logFile }: OpenedHost, { args, onReloading }: HangupOptions): () => void {
  let level: LogLevel | undefined;
  const read = async (): Promise<void> => {
    onReloading?.('begins');
    logFile?.reopen();
    try {
      const { resilient } = await host.refresh();
      const next = args.logLevel ?? resilient.logLevel;
      if (next !== level) log.setLevel(next);
      level = next;
    } catch (error) {
      log.error(`SIGHUP changes nothing, because the config has problems: ${(error as Error).message}`, {
        event: 'host.refresh-refused',
      });
    }
    onReloading?.('ends');
  };
  const handle = (): void => {
    log.info('SIGHUP: log level and secrets are read again.', { event: 'host.hangup' });
    void read();
  };
  process.on('SIGHUP', handle);
  return () => void process.off('SIGHUP', handle);
}
