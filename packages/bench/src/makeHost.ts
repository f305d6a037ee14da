import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FeedTokens } from '@soar-feed/core';
import type { Logger } from '@soar-feed/core';
import { createFeedHost, createLogger } from '@soar-feed/core/runtime';
import type { FeedHost } from '@soar-feed/core/runtime';
import { storeModule } from '@soar-feed/store';
import { ContainerModule } from 'inversify';
import type { SimulatorFacts } from './simulatorProcess.js';

export interface BenchHost {
  readonly host: FeedHost;
  remove(): void;
}

export interface BenchHostOptions {
  /** Sections of the feeds, by name; `replica` and `files` write such sections. */
  readonly feeds: Readonly<Record<string, string>>;
  readonly log?: Logger;
  /** Default 10 s. What is parked is not written while it is measured. */
  readonly spillAfter?: string;
}

/** The real host on a durable store, from a real config file. */
export async function makeHost(
  facts: SimulatorFacts,
  { feeds, log, spillAfter = '10s' }: BenchHostOptions,
): Promise<BenchHost> {
  const folder = mkdtempSync(join(tmpdir(), 'soar-feed-bench-'));
  mkdirSync(join(folder, 'files'));
  const configFile = join(folder, 'app.config');
  const sections = {
    resilient: `${login(facts, 201)}stomp_port=${facts.stompPort}\n`,
    feeds: `feed_names=${Object.keys(feeds).join(',')}\nspill_after=${spillAfter}\n`,
    ...feeds,
  };
  const text = Object.entries(sections).map(([name, keys]) => `[${name}]\n${keys}`);
  writeFileSync(configFile, text.join('\n'));
  const host = await createFeedHost({
    configFile,
    env: {},
    modules: ({ config }) => [
      storeModule({ database: config.feeds.stateDb }),
      new ContainerModule(({ bind }) => {
        bind(FeedTokens.Logger).toConstantValue(log ?? createLogger({ format: 'json', level: 'error' }));
      }),
    ],
  });
  return { host, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export interface ReplicaKeys {
  /** Default 16. */
  readonly concurrency?: number | 'auto';
  /** Default true: objects of a loaded incident travel inside its create. */
  readonly bundles?: boolean;
}

/** The section of a feed into the simulator's second organization. */
export function replica(facts: SimulatorFacts, { concurrency = 16, bundles = true }: ReplicaKeys = {}): string {
  const mapping = 'sqlite_sync_file=sync.sqlite3\nsync_reference_fields=true\n';
  // An older version, which is measured against, need not know the key.
  const creates = bundles ? '' : 'bundle_creates=false\n';
  return `class=ResilientFeed\n${login(facts, 202)}concurrency=${concurrency}\n${creates}${mapping}`;
}

/** The section of a feed into a folder of the bench's own. */
export const files = 'class=FileFeed\ndirectory=files\n';

/** The section of a feed into a SQLite database of the bench's own. */
export const sqlite = 'class=SQLiteFeed\nfile_name=reports.sqlite3\n';

export function login({ restPort, caFile }: SimulatorFacts, org: number): string {
  const key = `api_key_id=key-${org}\napi_key_secret=secret-${org}`;
  return `host=127.0.0.1\nport=${restPort}\norg=${org}\n${key}\ncafile=${caFile}\n`;
}
