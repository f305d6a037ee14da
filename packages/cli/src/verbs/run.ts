import { exitCodes } from '../exitCodes.js';
import type { GlobalArgs } from '../globalOptions.js';
import { HostDoors } from '../http/HostDoors.js';
import { logCrashes } from '../log/logCrashes.js';
import { onHangup } from '../onHangup.js';
import { onStopSignal } from '../onStopSignal.js';
import { openHost } from '../openHost.js';
import type { OpenedHost } from '../openHost.js';
import type { PageDoor } from '../page/PageDoor.js';
import { showReload } from '../output/showReload.js';
import { notifierFor } from '../service/Notifier.js';
import { Terminal } from '../output/Terminal.js';
import { startTracing } from '../tracing/startTracing.js';

export interface RunArgs extends GlobalArgs {
  readonly standby: boolean;
}

/** Feeds the targets from the queue until a signal comes, the queue is refused for good, or another host takes over. */
export async function run(args: RunArgs): Promise<number> {
  const terminal = new Terminal(process.stdout);
  const opened = await openHost(args, terminal, { toLogFile: true });
  const { host, log, logFile, config } = opened;
  const endTracing = startTracing({ endpoint: config.feeds.otlpEndpoint, log });
  const endWatching = logCrashes(log);
  const service = notifierFor(process.env, log);
  const onReloading = (state: 'begins' | 'ends'): void => (state === 'begins' ? service.reloading() : service.ready());
  const endHearing = onHangup(opened, { args, onReloading });
  const endShowing = showReload(() => Promise.resolve(host.status().reload), { terminal, log });
  let endListening = (): void => undefined;
  // Resolves at a signal, or with the reason when the queue is refused, or the state database lost, for good.
  const ending = new Promise<Error | undefined>((end) => {
    host.onFatal(end);
    endListening = onStopSignal(() => {
      log.info('Stopping: events in progress are delivered first.', { event: 'host.stopping' });
      service.stopping();
      end(undefined);
    });
  });
  const doors = await HostDoors.open(opened, { monitoring: true });
  announce(doors.page, opened, terminal);
  const standby = (holder: string | undefined): void => {
    service.standby(holder);
    if (holder !== undefined) return;
    const known = doors.page.address;
    void doors.takeOver().then(() => known ?? announce(doors.page, opened, terminal));
  };
  try {
    const starting = host.start(args.standby ? { standby } : {});
    // If a start fails because it was stopped, or because the queue was refused, `ending` reports it.
    starting.then(() => service.ready()).catch(() => undefined);
    await Promise.race([ending, starting]);
    const reason = await ending;
    await host.stop();
    if (reason !== undefined) throw reason;
    return exitCodes.done.code;
  } catch (error) {
    // What the command line says about it goes to standard error, which whoever reads the log file does not see.
    if (logFile !== undefined) log.error(`The host ends: ${(error as Error).message}`, { event: 'host.failed' });
    throw error;
  } finally {
    await doors.close();
    await endTracing();
    endShowing();
    endListening();
    endHearing();
    endWatching();
    await service.close();
  }
}

/** The log says where the page is, and only a person at a terminal gets the token. */
function announce({ address, token }: PageDoor, { log }: OpenedHost, terminal: Terminal): void {
  if (address === undefined) return;
  log.info(`The page is at ${address}; "soar-feed page" prints its token.`, { event: 'page.ready', address });
  if (terminal.isInteractive) terminal.writeLine(`Page with its token: ${address}#token=${token}`);
}
