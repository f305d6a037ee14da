/**
 * Runs this package, as it was built, in a whole host against a simulated SOAR platform: a reload of ten incidents and fifty
 * live operations. `npm run simulate`; edit it as you like.
 */
import { readFile } from 'node:fs/promises';
import { runHost, tempFolder } from '@soar-feed/feed-testkit';
import { runWorkload, seedIncidents } from '@soar-feed/soar-simulator';

const folder = await tempFolder();
const file = folder.file('changes.jsonl');
const run = await runHost({ feeds: { my_feed: { class: '__TYPE__', file } } });
try {
  seedIncidents(run.org, { incidents: 10 });
  const { incidents, objects, durationMs } = await run.reload();
  console.log(`Reload: ${incidents} incidents, ${objects} objects in ${durationMs} ms.`);

  const operations = await runWorkload(run.org, { operations: 50 });
  await run.settled();
  console.log(`Live: ${operations.length} operations, all delivered.`, run.feed('my_feed').counts);

  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  console.log(`${lines.length} lines were written; the last one:\n${lines.at(-1)}`);
} finally {
  await run.stop();
  await folder.remove();
}
