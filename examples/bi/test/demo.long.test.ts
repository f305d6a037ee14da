import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const DEMO = fileURLToPath(new URL('../dist/demo.js', import.meta.url));

it('shows two organizations in one database, with their history', async () => {
  const { BI_URL: _url, ...rest } = process.env;
  const env = { ...rest, DEMO_INCIDENTS: '4', DEMO_OPERATIONS: '30' };
  const demo = spawn(process.execPath, [DEMO], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, errors] = ['', ''];
  demo.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  demo.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const code = await new Promise((resolve) => demo.once('close', resolve));
  expect([code, errors]).toEqual([0, '']);
  for (const view of [
    'bi_open_incidents',
    'bi_tasks_per_phase',
    'bi_artifacts_per_type',
    'bi_time_in_phase',
    'bi_incident_history',
  ]) {
    const rows = Number(new RegExp(`^${view}: (\\d+) rows$`, 'm').exec(output)?.[1]);
    expect([view, rows > 0]).toEqual([view, true]);
  }
  // Loads and live changes of both are in it.
  const versions = Number(/^bi_incident_history: (\d+) rows$/m.exec(output)?.[1]);
  expect(versions).toBeGreaterThan(8);
  expect(output).toMatch(/^ {2}one_ /m);
}, 120_000);
