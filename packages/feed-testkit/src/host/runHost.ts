import type { FeedHost, HostOptions } from '@soar-feed/core/runtime';
import { recordingLogger } from '../recordingLogger.js';
import { onSite } from './onSite.js';
import type { SiteOptions } from './onSite.js';
import { RunningHost } from './RunningHost.js';
import { testModule } from './testModule.js';

export interface RunHostOptions extends SiteOptions {
  /** As for `createFeedHost`; a module that binds a store here is used instead of one in memory. */
  readonly modules?: HostOptions['modules'];
  /** Starts with a reload of what is there; default: only what `reload()` asks for. */
  readonly reload?: boolean;
}

/**
 * Starts a simulated SOAR platform, and a whole host that feeds your target from it: intake, routing, delivery, retries
 * and parking are those of production. Stop it after the test.
 *
 * Throws `ConfigError` with every problem of the sections and the packages.
 */
export async function runHost(options: RunHostOptions): Promise<RunningHost> {
  // Only who runs a host loads one.
  const { createFeedHost, MemoryStore } = await import('@soar-feed/core/runtime');
  const store = options.modules === undefined ? new MemoryStore() : undefined;
  const log = recordingLogger();
  return onSite(options, async (site) => {
    const newHost = (): Promise<FeedHost> =>
      createFeedHost({
        configFile: site.configFile,
        modules: (prepared) => [...(options.modules?.(prepared) ?? []), testModule(log, store)],
      });
    const running = new RunningHost({ ...site, log, newHost });
    await running.start({ reload: options.reload ?? false });
    return running;
  });
}
