import { exitCodes } from '../exitCodes.js';
import type { GlobalArgs } from '../globalOptions.js';
import { HostDoors } from '../http/HostDoors.js';
import { ignoreHangup } from '../ignoreHangup.js';
import { onStopSignal } from '../onStopSignal.js';
import { openHost } from '../openHost.js';
import { showReload } from '../output/showReload.js';
import { Terminal } from '../output/Terminal.js';

/** Feeds the targets from the queue until a signal comes, or the queue is refused for good. */
export async function run(args: GlobalArgs): Promise<number> {
  const terminal = new Terminal(process.stdout);
  const opened = await openHost(args, terminal);
  const { host, log } = opened;
  const endIgnoring = ignoreHangup(log);
  const endShowing = showReload(() => Promise.resolve(host.status().reload), { terminal, log });
  let endListening = (): void => undefined;
  // Resolves at a signal, or with the reason when the queue is refused for good.
  const ending = new Promise<Error | undefined>((end) => {
    host.onFatal(end);
    endListening = onStopSignal(() => {
      log.info('Stopping: events in progress are delivered first.', { event: 'host.stopping' });
      end(undefined);
    });
  });
  const doors = await HostDoors.open(opened, { monitoring: true });
  try {
    const starting = host.start();
    // If a start fails because it was stopped, or because the queue was refused, `ending` reports it.
    starting.catch(() => undefined);
    await Promise.race([ending, starting]);
    const refused = await ending;
    await host.stop();
    if (refused !== undefined) throw refused;
    return exitCodes.done.code;
  } finally {
    await doors.close();
    endShowing();
    endListening();
    endIgnoring();
  }
}
