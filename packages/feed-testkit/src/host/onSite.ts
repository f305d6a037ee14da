import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { OrgOptions, SimOrg, Simulator, SimulatorOptions } from '@soar-feed/soar-simulator';
import { tempFolder } from '../tempFolder.js';
import type { TempFolder } from '../tempFolder.js';
import { appConfig, sourceSection } from './appConfig.js';
import type { Section } from './appConfig.js';

export interface SiteOptions {
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
}

/** What a host under test works on. */
export interface Site {
  readonly simulator: Simulator;
  readonly org: SimOrg;
  /** Has the configuration and the state; goes with the host. */
  readonly folder: TempFolder;
  readonly configFile: string;
}

/** Starts a simulated platform and writes an `app.config` for it; takes both away again if `start` fails. */
export async function onSite<T>(options: SiteOptions, start: (site: Site) => Promise<T>): Promise<T> {
  const folder = await tempFolder();
  let simulator: Simulator | undefined;
  try {
    const { startSimulator } = await import('@soar-feed/soar-simulator');
    const org = { id: 201, name: 'Source', incidentDeletionAllowed: true, ...options.org };
    simulator = await startSimulator({ ...options.simulator, orgs: [org] });
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
    return await start({ simulator, org: simulator.org(org.id), folder, configFile });
  } catch (error) {
    await simulator?.stop();
    await folder.remove();
    throw error;
  }
}
