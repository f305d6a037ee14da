import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FeedTokens } from '@soar-feed/core';
import { createFeedHost, createLogger } from '@soar-feed/core/runtime';
import type { FeedHost } from '@soar-feed/core/runtime';
import { storeModule } from '@soar-feed/store';
import { ContainerModule } from 'inversify';
import type { SimulatorFacts } from './simulatorProcess.js';

export interface BenchHost {
  readonly host: FeedHost;
  remove(): void;
}

/** The real host on a durable store, from a real config file. */
export async function makeHost(
  { restPort, stompPort, caFile }: SimulatorFacts,
  concurrency: number,
): Promise<BenchHost> {
  const folder = mkdtempSync(join(tmpdir(), 'soar-feed-bench-'));
  const org = (id: number): string => `host=127.0.0.1
port=${restPort}
org=${id}
api_key_id=key-${id}
api_key_secret=secret-${id}
cafile=${caFile}
`;
  const configFile = join(folder, 'app.config');
  writeFileSync(
    configFile,
    `[resilient]\n${org(201)}stomp_port=${stompPort}\n[feeds]\nfeed_names=resilient_feed\n` +
      `[resilient_feed]\nclass=ResilientFeed\n${org(202)}concurrency=${concurrency}\nsqlite_sync_file=sync.sqlite3\nsync_reference_fields=true\n`,
  );
  const host = await createFeedHost({
    configFile,
    env: {},
    modules: ({ config }) => [
      storeModule({ database: config.feeds.stateDb }),
      new ContainerModule(({ bind }) => {
        bind(FeedTokens.Logger).toConstantValue(createLogger({ format: 'json', level: 'error' }));
      }),
    ],
  });
  return { host, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
