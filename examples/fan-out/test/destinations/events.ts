import { SplunkServer } from '../../../../packages/splunk-feed/test/double/SplunkServer.js';
import type { Destination } from './Destination.js';

/** The newest event of each object in Splunk, by the search of the docs. */
export async function events(folder: string): Promise<Destination> {
  const server = await SplunkServer.start({ token: 'top-secret', ack: true });
  return {
    feed: 'events',
    section: {
      ...{ class: 'SplunkHECFeed', host: 'localhost', port: server.port, token: 'top-secret' },
      state_file: `${folder}/splunk.sqlite3`,
    },
    async objects(shown) {
      const newest = [...server.latest().values()];
      return newest.map(({ sourcetype, event }) => shown.line(sourcetype, event['id'], event)).sort();
    },
    stop: () => server.stop(),
  };
}
