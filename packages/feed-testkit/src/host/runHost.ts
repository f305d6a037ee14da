import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { FeedHost, HostOptions } from '@soar-feed/core/runtime';
import type { OrgOptions, Simulator, SimulatorOptions } from '@soar-feed/soar-simulator';
import { recordingLogger } from '../recordingLogger.js';
import { tempFolder } from '../tempFolder.js';
import { appConfig, sourceSection } from './appConfig.js';
import type { Section } from './appConfig.js';
import { RunningHost } from './RunningHost.js';
import { testModule } from './testModule.js';

export interface RunHostOptions {
  /** The section of each feed, by its name, as an operator writes it: `{ my_feed: { class: 'mine', url } }`. */
  readonly feeds: Readonly<Record<string, Section>>;
  /**
   * Packages of targets: names, or paths relative to the working directory. Default `.`: the package that is tested, as it
   * was built. Installed targets are found in any case.
   */
  readonly targetPackages?: readonly string[];
  /** More keys of `[feeds]`, such as `workspaces` and `include_attachment_data`. */
  readonly settings?: Section;
  /** The source organization; default: number 201, with what every organization has. */
  readonly org?: Partial<OrgOptions>;
  readonly simulator?: Partial<Omit<SimulatorOptions, 'orgs'>>;
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
  const folder = await tempFolder();
  let simulator: Simulator | undefined;
  try {
    // Only who runs a host loads one.
    const { startSimulator } = await import('@soar-feed/soar-simulator');
    const { createFeedHost, MemoryStore } = await import('@soar-feed/core/runtime');
    const org = { id: 201, name: 'Source', incidentDeletionAllowed: true, ...options.org };
    simulator = await startSimulator({ ...options.simulator, orgs: [org] });
    const log = recordingLogger();
    const { targetPackages = ['.'] } = options;
    const configFile = folder.file('app.config');
    const sections = {
      resilient: sourceSection(simulator, org),
      feeds: {
        feed_names: Object.keys(options.feeds).join(', '),
        state_db: folder.file('state.db'),
        target_packages: targetPackages.map((one) => (one.startsWith('.') ? resolve(one) : one)).join(', '),
        ...options.settings,
      },
      ...options.feeds,
    };
    await writeFile(configFile, appConfig(sections), { mode: 0o600 });

    const store = options.modules === undefined ? new MemoryStore() : undefined;
    const newHost = (): Promise<FeedHost> =>
      createFeedHost({
        configFile,
        modules: (prepared) => [...(options.modules?.(prepared) ?? []), testModule(log, store)],
      });
    const running = new RunningHost({ simulator, org: simulator.org(org.id), log, folder, newHost });
    await running.start({ reload: options.reload ?? false });
    return running;
  } catch (error) {
    await simulator?.stop();
    await folder.remove();
    throw error;
  }
}
