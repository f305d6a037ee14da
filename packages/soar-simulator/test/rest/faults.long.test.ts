import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startSimulator } from '../../src/index.js';
import type { SimOrg, Simulator } from '../../src/index.js';
import { RestClient } from '../helpers/RestClient.js';
import { upload } from '../helpers/RestClient.js';
import { sourceOrg } from '../helpers/twoOrgs.js';
import { until } from '../helpers/until.js';

describe('faults and counters', () => {
  let simulator: Simulator;
  let org: SimOrg;
  let rest: RestClient;
  beforeAll(async () => {
    simulator = await startSimulator({ orgs: [sourceOrg], tls: false });
    org = simulator.org('Source');
    rest = new RestClient(simulator.restUrl, 201);
  });
  afterEach(() => {
    simulator.faults.clear();
    simulator.latencyMs = 0;
  });
  afterAll(() => simulator.stop());

  const create = () => rest.send('POST', '/incidents', { name: 'x', discovered_date: 1 });

  it('answers a status with Retry-After, as often as it was told to', async () => {
    const fault = simulator.faults.add({
      method: 'POST',
      path: '/incidents',
      status: 429,
      retryAfterSeconds: 3,
      times: 2,
    });
    const first = await create();
    expect([first.status, first.headers.get('retry-after')]).toEqual([429, '3']);
    expect((await create()).status).toBe(429);
    expect((await create()).status).toBe(200);
    expect(fault.hits).toBe(2);
  });

  it('answers HTML, and JSON that breaks off', async () => {
    simulator.faults.add({ path: '/types', status: 502, body: '<html>Bad Gateway</html>', times: 1 });
    const html = await rest.send('GET', '/types');
    expect([html.status, html.text, html.headers.get('content-type')]).toEqual([
      502,
      '<html>Bad Gateway</html>',
      expect.stringContaining('text/html'),
    ]);
    simulator.faults.add({ path: '/types', truncate: true, times: 1 });
    await expect(rest.send('GET', '/types')).rejects.toThrow();
    expect((await rest.send('GET', '/types')).status).toBe(200);
  });

  it('resets before: nothing was done', async () => {
    const before = org.incidentIds().length;
    simulator.faults.add({ path: '/incidents', reset: 'before', times: 1 });
    await expect(create()).rejects.toThrow();
    expect(org.incidentIds()).toHaveLength(before);
  });

  it('resets after: the write stands though its answer never came', async () => {
    const before = org.incidentIds().length;
    simulator.faults.add({ path: '/incidents', reset: 'after', times: 1 });
    await expect(create()).rejects.toThrow();
    expect(org.incidentIds()).toHaveLength(before + 1);
  });

  it('commits late: the write takes effect after its client is gone, uploads too', async () => {
    const { id } = org.createIncident({ name: 'x', discovered_date: 1 });
    simulator.faults.add({ path: '/incidents/:id/**', lateCommitMs: 40, times: 2 });
    await expect(rest.send('POST', `/incidents/${id}/comments`, { text: 'late' })).rejects.toThrow();
    expect(org.notes({ incidentId: id })).toHaveLength(0);
    const file = upload({ name: 'f', content: 'x'.repeat(200_000) });
    await expect(rest.send('POST', `/incidents/${id}/attachments`, file)).rejects.toThrow();
    expect(org.attachments({ incidentId: id })).toHaveLength(0);
    await until(() => org.notes({ incidentId: id }).length === 1 && org.attachments({ incidentId: id }).length === 1);
  });

  it('takes its time to commit: a client that gave up meanwhile changes nothing', async () => {
    const { id } = org.createIncident({ name: 'x', discovered_date: 1 });
    const impatient = new RestClient(simulator.restUrl, 201);
    impatient.timeoutMs = 100;
    simulator.faults.add({ path: '/incidents/:id/comments', commitDelayMs: 300, times: 2 });
    const comment = (client: RestClient) => client.send('POST', `/incidents/${id}/comments`, { text: 'slow' });
    await expect(comment(impatient)).rejects.toThrow('timeout');
    expect(org.notes({ incidentId: id })).toHaveLength(0);
    await until(() => org.notes({ incidentId: id }).length === 1);
    expect((await comment(rest)).status).toBe(200);
  });

  it('matches by pattern, and draws by probability from its seed', async () => {
    const { id } = org.createIncident({ name: 'x', discovered_date: 1 });
    const fault = simulator.faults.add({ path: '/incidents/:id', status: 503, probability: 0.5 });
    expect((await rest.send('GET', `/incidents/${id}/tasks`)).status).toBe(200);
    for (let i = 0; i < 40; i++) await rest.send('GET', `/incidents/${id}`);
    expect(fault.hits).toBeGreaterThan(8);
    expect(fault.hits).toBeLessThan(32);
    fault.remove();
    expect((await rest.send('GET', `/incidents/${id}`)).status).toBe(200);
  });

  it('counts every request that arrived, by route, also those that were struck', async () => {
    const { id } = org.createIncident({ name: 'x', discovered_date: 1 });
    simulator.requests.reset();
    simulator.faults.add({ method: 'POST', reset: 'before', times: 1 });
    await expect(rest.send('POST', `/incidents/${id}/tasks`, { name: 't' })).rejects.toThrow();
    await rest.ok('POST', `/incidents/${id}/tasks`, { name: 't' });
    await rest.ok('POST', '/incidents/query_paged', {});
    await rest.ok('GET', '/rest/const');
    await rest.send('GET', '/nowhere');
    expect(simulator.requests.byRoute).toEqual({
      'POST /incidents/:id/tasks': 2,
      'POST /incidents/query_paged': 1,
      'GET /const': 1,
      'GET /nowhere': 1,
    });
    expect(simulator.requests).toMatchObject({ total: 5, writes: 2, byOrg: { 0: 1, 201: 4 } });
    await until(() => simulator.requests.log.length === 5);
    expect(simulator.requests.log.map(({ status }) => status).sort()).toEqual([0, 200, 200, 200, 404]);
  });

  it('handles requests beside each other: latency adds up for none', async () => {
    const { id } = org.createIncident({ name: 'x', discovered_date: 1 });
    simulator.latencyMs = 300;
    simulator.requests.reset();
    const started = performance.now();
    await Promise.all(Array.from({ length: 60 }, () => rest.ok('POST', `/incidents/${id}/comments`, { text: 'n' })));
    // One after another, they would take 18 s.
    expect(performance.now() - started).toBeLessThan(6000);
    expect(simulator.requests.peakConcurrency).toBeGreaterThan(10);
  });
});
