import { mkdir, rename } from 'node:fs/promises';
import { anIncident, describeFeedTarget, tempFolder } from '@soar-feed/feed-testkit';
import { JsonLines } from '../src/JsonLines.js';
import { readObjects } from '../src/readObjects.js';

/** What the engine promises to its users needs these of every target. The report at the end says what was not tested. */
describeFeedTarget({
  name: 'JsonLines',
  capabilities: { deletes: 'apply', content: false, concurrency: 1, batch: { maxEvents: 100, maxWaitMs: 20 } },
  async make() {
    const folder = await tempFolder();
    const directory = folder.file('out');
    await mkdir(directory);
    const settings = { file: `${directory}/changes.jsonl`, maxLine: 100_000 };
    return { directory, settings, target: new JsonLines(settings), dispose: () => folder.remove() };
  },
  readBack: async ({ settings }, { key }) =>
    (await readObjects(settings.file)).filter(({ type, id }) => type === key.type && id === key.objectId),
  async outage({ directory }) {
    await rename(directory, `${directory}.away`);
    return () => rename(`${directory}.away`, directory);
  },
  poison: async () => {
    const description = { format: 'text', content: 'larger than max_line '.repeat(10_000) };
    return anIncident({ incidentId: 2290, payload: { description } });
  },
  another: async ({ settings }) => new JsonLines(settings),
  followsSchema: true,
});
