/**
 * How much faster splunk-feed is in batches than event by event, in one run, against a process that answers as a collector and
 * keeps nothing.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@soar-feed/core/runtime';
import { SplunkFeed, splunkFeedConfig } from '@soar-feed/splunk-feed';
import { RTT_MS, startAnswerer } from '../answerer.js';
import { measureBatches } from '../batches.js';

const [single = 200, batched = 20_000, batchSize = 500] = process.argv.slice(2).map(Number);

const answerer = await startAnswerer('splunk');
const folder = mkdtempSync(join(tmpdir(), 'soar-feed-bench-splunk-'));
const state_file = join(folder, 'splunk.sqlite3');
const section = splunkFeedConfig.parse({ token: 't', host: '127.0.0.1', port: String(answerer.port), state_file });
const feed = new SplunkFeed(section, {
  name: 'bench',
  source: { orgName: 'Acme', fetch: () => Promise.resolve(undefined) },
  clock: systemClock,
});
const server = `none: a process that answers after ${RTT_MS} ms`;
console.log(
  JSON.stringify({ target: 'splunk', server, ...(await measureBatches(feed, { single, batched, batchSize })) }),
);
answerer.stop();
rmSync(folder, { recursive: true, force: true });
