import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { Receiver } from './support/Receiver.js';

const EVENTS = 600;
const SCRIPT = join(import.meta.dirname, 'fixtures', 'deliver.mjs');

it('a host that is killed (-9) in the middle of a batch leaves the receiver equal to the source after its restart', async () => {
  const receiver = await Receiver.start();
  receiver.secrets = ['a key'];
  const section = JSON.stringify({ url: receiver.url, secret: 'a key' });
  let settled = 0;
  let problems = '';
  const deliver = () => {
    const child = spawn(process.execPath, [SCRIPT, 'webhook', section, String(settled), String(EVENTS)]);
    child.stdout.on('data', (chunk: Buffer) => {
      for (const [, count] of chunk.toString().matchAll(/settled (\d+)/g)) settled = Number(count);
    });
    child.stderr.on('data', (chunk: Buffer) => (problems += chunk.toString()));
    return { child, ended: once(child, 'exit') };
  };
  for (const requests of [3, 8, 5]) {
    const { child, ended } = deliver();
    for (let seen = 0; seen < requests; seen += 1) await receiver.nextRequest();
    // Applied in part, perhaps; its answer never comes.
    receiver.isSilent = true;
    await receiver.nextRequest();
    child.kill('SIGKILL');
    await ended;
    receiver.isSilent = false;
    expect(settled).toBeLessThan(EVENTS);
  }
  await deliver().ended;
  expect(problems).toBe('');
  await receiver.stop();
  const versions = [...receiver.objects.values()].map(({ key, data }) => [key.incidentId, data?.['name']]);
  expect(versions.sort()).toEqual(Array.from({ length: 15 }, (_, at) => [6_000 + at, `version ${EVENTS - 15 + at}`]));
});
