import assert from 'node:assert/strict';
import { mkdir, rename } from 'node:fs/promises';
import { it } from 'node:test';
import { runHost, tempFolder } from '@soar-feed/feed-testkit';
import { readObjects } from '../src/readObjects.js';

it('loads what is there, follows what changes, and brings what came in an outage', async () => {
  const folder = await tempFolder();
  const directory = folder.file('out');
  await mkdir(directory);
  const file = `${directory}/changes.jsonl`;
  const incidents = async () => (await readObjects(file)).filter(({ type }) => type === 'incident');
  // The package in this folder, as it was built, in a whole host that reads a simulated platform.
  const run = await runHost({ feeds: { my_feed: { class: '__TYPE__', file } } });
  try {
    run.org.setRules(false);
    run.org.createIncident({ name: 'There before', discovered_date: Date.now() });
    run.org.setRules(true);
    await run.reload();
    assert.deepEqual(
      (await incidents()).map(({ row }) => row?.name),
      ['There before'],
    );

    const { id } = run.org.createIncident({ name: 'Live', discovered_date: Date.now() });
    await run.settled();
    assert.equal((await incidents()).length, 2);

    await rename(directory, `${directory}.away`);
    run.org.updateIncident(id, { name: 'Changed in the outage' });
    await rename(`${directory}.away`, directory);
    await run.settled();
    assert.equal((await incidents()).find((one) => one.id === id)?.row?.name, 'Changed in the outage');
  } finally {
    await run.stop();
    await folder.remove();
  }
});
