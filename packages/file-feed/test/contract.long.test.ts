import { parseJson } from '@soar-feed/core';
import type { ObjectKey } from '@soar-feed/core';
import { mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { anIncident, describeFeedTarget, tempFolder } from '@soar-feed/feed-testkit';
import type { FeedTargetCase, TargetBench } from '@soar-feed/feed-testkit';
import { fileName } from '../src/filePath.js';
import { FileFeed, fileFeedConfig } from '../src/index.js';

interface FolderBench extends TargetBench {
  readonly directory: string;
}

describeFeedTarget(folderCase({}));
describeFeedTarget(folderCase({ on_delete: 'mark', content: 'base64' }));
describeFeedTarget(folderCase({ layout: 'incident' }));
describeFeedTarget(folderCase({ content: 'files' }));
describeFeedTarget(folderCase({ content: 'files', layout: 'incident' }));

function folderCase(settings: {
  on_delete?: 'mark';
  content?: 'base64' | 'files';
  layout?: 'incident';
}): FeedTargetCase<FolderBench> {
  const { on_delete = 'remove', content = 'none', layout = 'flat' } = settings;
  /** The folder of an object. */
  const folderOf = (directory: string, { incidentId }: ObjectKey): string =>
    layout === 'flat' ? directory : join(directory, `incident_${incidentId}`);
  return {
    name: `FileFeed (on_delete=${on_delete}, content=${content}, layout=${layout})`,
    capabilities: { deletes: on_delete === 'mark' ? 'mark' : 'apply', content: content !== 'none', timeSeries: true },
    async make() {
      const folder = await tempFolder();
      const directory = folder.file('out');
      await mkdir(directory);
      const target = new FileFeed(fileFeedConfig.parse({ directory, ...settings }));
      return { target, directory, dispose: () => folder.remove() };
    },
    another: async ({ directory }) => new FileFeed(fileFeedConfig.parse({ directory, ...settings })),
    followsSchema: true,
    async readBack({ directory }, { key }) {
      const names = (await readdir(folderOf(directory, key)).catch(() => [])).filter((name) =>
        name.replace(/^\./, '').startsWith(fileName(key)),
      );
      return Promise.all(
        names.map(async (name) => parseJson(await readFile(join(folderOf(directory, key), name), 'utf8')) as unknown),
      );
    },
    async readContent({ directory }, { key }) {
      const text = await readFile(join(folderOf(directory, key), fileName(key)), 'utf8');
      const row = parseJson(text) as { content: string; content_file: string };
      return content === 'files' ? readFile(join(directory, row.content_file)) : Buffer.from(row.content, 'base64');
    },
    async outage({ directory }) {
      await rename(directory, `${directory}.away`);
      return () => rename(`${directory}.away`, directory);
    },
    async poison({ directory }) {
      const event = anIncident({ incidentId: 2290 });
      // A folder stands where its file should be.
      await mkdir(join(folderOf(directory, event.key), fileName(event.key)), { recursive: true });
      return event;
    },
  };
}
