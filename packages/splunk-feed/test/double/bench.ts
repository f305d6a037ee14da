import { tempFolder } from '@soar-feed/feed-testkit';
import type { TargetBench, TempFolder } from '@soar-feed/feed-testkit';
import { systemClock } from '@soar-feed/core/runtime';
import { SplunkFeed, splunkFeedConfig } from '../../src/index.js';
import type { SplunkFeedSection } from '../../src/index.js';
import { SplunkServer } from './SplunkServer.js';
import type { SplunkServerOptions } from './SplunkServer.js';

export const TOKEN = 'top-secret-token';

/** A section as the host reads it from texts. */
export function section(values: Readonly<Record<string, string>>): SplunkFeedSection {
  return splunkFeedConfig.parse({ token: TOKEN, host: 'localhost', ...values });
}

export interface DoubleBench extends TargetBench {
  readonly server: SplunkServer;
  readonly target: SplunkFeed;
  readonly folder: TempFolder;
  /** Another target with the same settings and the same file. */
  again(): SplunkFeed;
}

/** A target, its server and its file. */
export async function makeBench(
  options: Partial<SplunkServerOptions> = {},
  values: Readonly<Record<string, string>> = {},
): Promise<DoubleBench> {
  const server = await SplunkServer.start({ token: TOKEN, ...options });
  const folder = await tempFolder();
  const state_file = folder.file('splunk.sqlite3');
  const again = (): SplunkFeed =>
    new SplunkFeed(section({ port: String(server.port), state_file, ...values }), {
      name: 'splunk',
      source: { orgName: 'Acme', fetch: async () => undefined },
      clock: systemClock,
    });
  const dispose = async (): Promise<void> => {
    await server.stop();
    await folder.remove();
  };
  return { server, folder, target: again(), again, dispose };
}
