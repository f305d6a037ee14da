import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { optionalReadings } from '@soar-feed/soar-simulator';
import { healthOf } from '../../src/host/status/healthOf.js';
import { until } from '../intake/reload/reloadBench.js';
import { hostBench } from './hostBench.js';
import type { HostBench } from './hostBench.js';

jest.setTimeout(60_000);

let bench: HostBench;

beforeEach(async () => {
  jest.spyOn(Math, 'random').mockReturnValue(0.002);
  bench = await hostBench();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await bench.stop();
});

const FAULTS = [
  ['403', { status: 403 }],
  ['404', { status: 404 }],
  ['500', { status: 500 }],
  ['a page', { status: 404, body: '<html>default backend - 404</html>' }],
] as const;

const named = (): readonly (string | undefined)[] => bench.log.lines.map(({ message }) => message);

describe.each(Object.entries(optionalReadings))('without %s', (_, reading) => {
  it.each(FAULTS)('(%s) the host starts, loads and feeds', async (__, fault) => {
    const { id } = bench.org.createIncident({ name: 'There before', discovered_date: 1 });
    bench.simulator.faults.add({ ...reading, ...fault });
    const host = bench.host();
    await host.start();
    expect(await host.reload()).toMatchObject({ incidents: 1, faults: [] });
    const note = bench.org.addNote({ incidentId: id }, 'Live');
    await until(() => bench.target.seen.includes(`${id}/note/${note.id}`), 'the note');
    expect(healthOf(host.status())).toEqual({ ok: true, reasons: [] });
  });
});

describe('without the organization’s settings', () => {
  it('the host says so once', async () => {
    bench.simulator.faults.add({ method: 'GET', path: '/', status: 404 });
    await bench.host().start();
    expect(named().filter((line) => line?.includes('the organization’s settings'))).toHaveLength(1);
  });
});

describe('without the types', () => {
  const TYPES = { method: 'GET', path: '/types' } as const;

  it.each(FAULTS)('(%s) the start waits for them, for all to see, and then goes on', async (_, fault) => {
    const { id } = bench.org.createIncident({ name: 'There before', discovered_date: 1 });
    const trouble = bench.simulator.faults.add({ ...TYPES, ...fault });
    const host = bench.host();
    const started = host.start();
    await until(() => host.status().waitsFor !== undefined && trouble.hits > 1, 'a start that waits');
    expect(healthOf(host.status())).toMatchObject({
      ok: false,
      reasons: expect.arrayContaining([
        expect.stringMatching(/^the start waits: The types of the source cannot be read/),
      ]),
    });
    trouble.remove();
    await started;
    expect(healthOf(host.status())).toEqual({ ok: true, reasons: [] });
    expect(await host.reload()).toMatchObject({ incidents: 1, faults: [] });
    expect(bench.target.seen).toContainEqual(expect.stringContaining(`${id}/incident/${id}`));
  });

  it('a start that was not to wait says what the source said', async () => {
    bench.simulator.faults.add({ ...TYPES, status: 404 });
    await expect(bench.host().start({ patient: false })).rejects.toMatchObject({ name: 'SoarApiError' });
  });

  it.each(FAULTS)('later (%s) the last ones serve', async (_, fault) => {
    const { id } = bench.org.createIncident({ name: 'There before', discovered_date: 1 });
    const host = bench.host();
    await host.start();
    bench.simulator.faults.add({ ...TYPES, ...fault });
    const row = bench.org.addRow(id, 'affected_hosts', { host: 'web-1' });
    const note = bench.org.addNote({ incidentId: id }, 'Live');
    await until(() => bench.target.seen.includes(`${id}/note/${note.id}`), 'the note');
    await until(() => bench.target.seen.some((name) => name.includes(`/affected_hosts/${row.id}`)), 'the row');
    expect(await host.reload({ method: 'query' })).toMatchObject({ incidents: 1, faults: [] });
    expect(host.status().queue.counts.undecodable).toBe(0);
  });
});
