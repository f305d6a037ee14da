import { schemas } from '@soar-feed/feed-testkit';
import type { TargetBench } from '@soar-feed/feed-testkit';
import { systemClock } from '@soar-feed/core/runtime';
import type { Logger, ObjectKey, SourceOrg } from '@soar-feed/core';
import { ElasticFeed, elasticFeedConfig } from '../../src/index.js';
import type { ElasticFeedSection } from '../../src/index.js';
import { SearchServer } from './SearchServer.js';
import type { SearchServerOptions } from './SearchServer.js';

export const clock = systemClock;

export const source = {
  orgName: 'Acme',
  types: async () => Object.values(schemas),
  /** Notes that live on below a deleted one, by id. */
  living: new Set<number>(),
  async fetch({ objectId }: ObjectKey) {
    return this.living.has(objectId) ? { id: objectId } : undefined;
  },
} satisfies Pick<SourceOrg, 'orgName' | 'types' | 'fetch'> & { readonly living: Set<number> };

/** A section as the host reads it from texts. */
export function section(values: Readonly<Record<string, string>>): ElasticFeedSection {
  return elasticFeedConfig.parse({ index_prefix: 'resilient_', ...values });
}

export interface DoubleBench extends TargetBench {
  readonly server: SearchServer;
  readonly target: ElasticFeed;
}

/** A target and its server. */
export async function makeBench(
  log: Logger,
  options: SearchServerOptions,
  values: Readonly<Record<string, string>> = {},
): Promise<DoubleBench> {
  const server = await SearchServer.start(options);
  const target = new ElasticFeed(section({ url: server.url, ...values }), { name: 'search', source, log, clock });
  return { server, target, dispose: () => server.stop() };
}
