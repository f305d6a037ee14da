import { SearchServer } from '../../../../packages/elastic-feed/test/double/SearchServer.js';
import type { Destination } from './Destination.js';

/** The documents of a search server, one index per type. */
export async function documents(): Promise<Destination> {
  const server = await SearchServer.start({ flavour: 'opensearch' });
  return {
    feed: 'search',
    section: { class: 'ElasticFeed', url: server.url },
    async objects(shown) {
      const found = shown.types.flatMap((type) =>
        [...server.sources(`resilient_${type}`)].map(([id, document]) => shown.line(type, id, document)),
      );
      return found.sort();
    },
    stop: () => server.stop(),
  };
}
