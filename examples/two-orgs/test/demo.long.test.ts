import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const DEMO = fileURLToPath(new URL('../dist/demo.js', import.meta.url));

it('shows a replica that is identical, and exits with 0', async () => {
  const env = { ...process.env, DEMO_INCIDENTS: '5', DEMO_OPERATIONS: '40' };
  const demo = spawn(process.execPath, [DEMO], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [demo.stdout, demo.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise((resolve) => demo.once('close', resolve));
  expect(output).toMatch(/Loaded: 5 incidents, \d+ objects/);
  expect(output).toMatch(/latency p50 \d+ ms, p99 \d+ ms/);
  expect(output).toMatch(/incident +\d+ +0 +\d+ +0/);
  // Every incident of a replica has a note of the target's own: the table says why its numbers differ.
  expect(output).toMatch(
    /What is only there, and belongs there:\n( {2}\d+ × .+\n)*? {2}\d+ × One note "Incident created from/,
  );
  expect(output).toMatch(/The page of the host: http:\/\/127\.0\.0\.1:\d+\/\n/);
  expect(output).toMatch(/identical: yes\n/);
  // Last of all: feed, equal, differs, missing, extra, parked, left out.
  expect(output).toMatch(/soar-feed verify --config .*\n(.*\n)*resilient_feed +\d+ +0 +0 +0 +0 +\d+\n/);
  expect(output.trimEnd()).toMatch(/verified: yes$/);
  expect(output).not.toContain('\r');
  expect(code).toBe(0);
}, 120_000);
