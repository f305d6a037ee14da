import assert from 'node:assert/strict';
import { appendFile, readFile } from 'node:fs/promises';
import { it } from 'node:test';
import { anIncident, recordingLogger, tempFolder } from '@soar-feed/feed-testkit';
import { JsonLines } from '../src/JsonLines.js';
import { readObjects } from '../src/readObjects.js';

it('starts a new line after one that a crash cut short', async () => {
  const folder = await tempFolder();
  const file = folder.file('changes.jsonl');
  const context = { signal: new AbortController().signal, attempt: 1, log: recordingLogger() };
  const target = new JsonLines({ file, maxLine: 100_000 });
  try {
    await appendFile(file, '{"type":"incident","id":7,"ro');
    await target.open(context);
    await target.deliver(anIncident({ incidentId: 8 }), context);
    assert.equal((await readFile(file, 'utf8')).split('\n').length, 3);
    assert.deepEqual(
      (await readObjects(file)).map(({ id }) => id),
      [8],
    );
  } finally {
    await target.close();
    await folder.remove();
  }
});
