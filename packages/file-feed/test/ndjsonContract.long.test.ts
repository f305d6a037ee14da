import { mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { parseJson } from '@soar-feed/core';
import type { ObjectKey } from '@soar-feed/core';
import { anAttachment, describeFeedTarget, recordingLogger, tempFolder } from '@soar-feed/feed-testkit';
import type { FeedTargetCase, TargetBench } from '@soar-feed/feed-testkit';
import { fileFeedConfig, NdjsonFeed } from '../src/index.js';

interface LogBench extends TargetBench {
  readonly directory: string;
}

interface Line {
  readonly operation: string;
  readonly inc_id: number;
  readonly type: string;
  readonly id: number;
  readonly data: Readonly<Record<string, unknown>> | null;
}

describeFeedTarget(logCase({}));
// Files so small that a scenario fills several.
describeFeedTarget(logCase({ content: 'base64', fsync: 'always', rotate_size: '2KB', compress: 'gzip' }));

function logCase(settings: Readonly<Record<string, string>>): FeedTargetCase<LogBench> {
  const make = (directory: string): NdjsonFeed =>
    new NdjsonFeed(
      fileFeedConfig.parse({ directory, format: 'ndjson', max_content: '1MB', ...settings }),
      recordingLogger(),
    );
  const named = Object.entries(settings).map(([key, value]) => `, ${key}=${value}`);
  return {
    name: `NdjsonFeed (format=ndjson${named.join('')})`,
    capabilities: {
      ...{ deletes: 'mark', content: settings['content'] === 'base64', timeSeries: true },
      batch: { maxEvents: 500, maxWaitMs: 20 },
    },
    async make() {
      const folder = await tempFolder();
      const directory = folder.file('out');
      await mkdir(directory);
      return { target: make(directory), directory, dispose: () => folder.remove() };
    },
    another: async ({ directory }) => make(directory),
    followsSchema: true,
    // A log is a history: the last line of an object is its present state.
    async readBack({ directory }, { key }) {
      const last = (await linesOf(directory, key)).at(-1);
      return last === undefined ? [] : [last];
    },
    async readContent({ directory }, { key }) {
      const last = (await linesOf(directory, key)).at(-1);
      return Buffer.from(String(last?.data?.['content']), 'base64');
    },
    async outage({ directory }) {
      await rename(directory, `${directory}.away`);
      return () => rename(`${directory}.away`, directory);
    },
    ...(settings['content'] === 'base64' ? { poison: async () => tooLarge() } : {}),
  };
}

/** All lines of an object, from the oldest file to the one that is written. */
async function linesOf(directory: string, key: ObjectKey): Promise<readonly Line[]> {
  const lines = (await textOf(directory)).split('\n').slice(0, -1);
  return lines
    .map((line) => parseJson(line) as Line)
    .filter(({ inc_id, type, id }) => inc_id === key.incidentId && type === key.type && id === key.objectId);
}

async function textOf(directory: string): Promise<string> {
  const names = (await readdir(directory)).filter((name) => /^soar.*\.ndjson(\.gz)?$/.test(name)).sort();
  const closed = names.filter((name) => name !== 'soar.ndjson');
  try {
    const texts = await Promise.all(
      [...closed, ...names.filter((name) => name === 'soar.ndjson')].map(async (name) => {
        const bytes = await readFile(join(directory, name));
        return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
      }),
    );
    return texts.join('');
  } catch (error) {
    // One was compressed meanwhile.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return textOf(directory);
    throw error;
  }
}

function tooLarge(): ReturnType<typeof anAttachment> {
  const bytes = Buffer.alloc(2_000_000);
  return anAttachment({ incidentId: 2290, payload: { size: bytes.length }, open: async () => Readable.from([bytes]) });
}
