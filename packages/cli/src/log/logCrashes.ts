import type { Logger } from '@soar-feed/core';

/**
 * Node writes the error that ends a process to standard error only; whoever reads the log file wants to see it, too. The
 * returned function ends the listening.
 */
export function logCrashes(log: Logger): () => void {
  const handle = (error: unknown): void =>
    log.error(`The host crashes: ${error instanceof Error ? error.message : String(error)}`, {
      event: 'host.crashed',
      err: error,
    });
  process.on('uncaughtExceptionMonitor', handle);
  return () => void process.off('uncaughtExceptionMonitor', handle);
}
