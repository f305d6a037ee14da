import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { HistoryBench } from '../help/histories.js';
import { sqlitePlace } from '../help/sqlitePlace.js';

const DIST = new URL('../../dist/index.js', import.meta.url).href;

/** Writes batches of versions of 40 incidents, without end. */
const WRITER = `
import { toTypeSchema } from '@soar-feed/core';
import { SqlFeed, toSettings } from '${DIST}';
const [file, start] = process.argv.slice(1);
const log = { debug() {}, info() {}, warn() {}, error() {}, child: () => log };
const schema = toTypeSchema({ id: 0, type_id: 0, type_name: 'incident', display_name: 'Incident',
  fields: [{ id: 1, name: 'name', text: 'Name', input_type: 'text', internal: true }] });
const section = { file_name: file, history: true, views: true, on_delete: 'remove', content: true, max_content: 1, indexes: [],
  batch_size: 100, batch_wait: 0, connect_timeout: 1000, statement_timeout: 5000 };
const feed = new SqlFeed(toSettings(section, 'sql_feed'), { name: 'sql_feed', log });
const { signal } = new AbortController();
await feed.open({ signal });
for (let vers = Number(start); ; vers += 1) {
  const events = Array.from({ length: 40 }, (_, at) => ({ id: vers + '-' + at, origin: 'queue', operation: vers % 7 === at % 7 ? 'delete' : 'upsert',
    key: { orgId: 1, incidentId: at + 1, type: 'incident', objectId: at + 1 }, workspace: '', observedAtMs: 1700000000000 + vers * 10, restored: true,
    payload: { name: 'v' + vers, vers }, schema }));
  await feed.deliverBatch(events, { signal, attempt: 1, log });
  process.stdout.write(vers + '\\n');
}`;

it('is consistent with the current rows after kill -9 in the middle of a batch', async () => {
  const place = await sqlitePlace();
  const cwd = fileURLToPath(new URL('../../', import.meta.url));
  let vers = 1;
  for (let round = 0; round < 4; round += 1) {
    const args = ['--input-type=module', '-e', WRITER, place.texts['file_name'] ?? '', String(vers)];
    const writer = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    writer.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    while (said.split('\n').length < 4 + round) await once(writer.stdout, 'data');
    await new Promise((resolve) => setTimeout(resolve, round * 7));
    writer.kill('SIGKILL');
    await once(writer, 'close');
    // The host would deliver the last batch again.
    vers = Number(said.trim().split('\n').at(-1)) + 1;

    const bench = new HistoryBench(place);
    const versions = await bench.versions('incident');
    const open = versions.filter(({ to }) => to === null).map(({ values }) => values);
    expect(open).toEqual(await bench.current('incident'));
    expect(open.length).toBeGreaterThan(0);
    for (const [at, one] of versions.entries()) {
      const next = versions[at + 1];
      if (next?.id === one.id) expect(one.to ?? Infinity).toBeLessThanOrEqual(next.from);
    }
  }
  await place.dispose();
}, 60_000);
