/**
 * How much faster elastic-feed is in batches than event by event, in one run. Runs against the server of
 * SOAR_FEED_TEST_OPENSEARCH, or else against a process that answers bulk requests and keeps nothing.
 */
import { systemClock } from '@soar-feed/core/runtime';
import { ElasticFeed, elasticFeedConfig } from '@soar-feed/elastic-feed';
import { RTT_MS, startAnswerer } from '../answerer.js';
import { measureBatches, quietLog } from '../batches.js';

const [single = 300, batched = 20_000, batchSize = 500] = process.argv.slice(2).map(Number);

const real = process.env['SOAR_FEED_TEST_OPENSEARCH'];
const answerer = real === undefined ? await startAnswerer('search') : undefined;
const url = real ?? `http://127.0.0.1:${answerer?.port}`;
const section = elasticFeedConfig.parse({ url, index_prefix: `bench${Date.now()}_` });
const source = { orgName: 'Acme', types: () => Promise.resolve([]), fetch: () => Promise.resolve(undefined) };
const feed = new ElasticFeed(section, { name: 'bench', source, log: quietLog, clock: systemClock });
const server = real === undefined ? `none: a process that answers after ${RTT_MS} ms` : 'OpenSearch';
console.log(
  JSON.stringify({ target: 'elastic', server, ...(await measureBatches(feed, { single, batched, batchSize })) }),
);
answerer?.stop();
