import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startSimulator } from '../../src/index.js';
import type { SimOrg, Simulator } from '../../src/index.js';
import { RestClient } from '../helpers/RestClient.js';
import { sourceOrg } from '../helpers/twoOrgs.js';
import { until } from '../helpers/until.js';

describe('a gateway in front of the platform', () => {
  let simulator: Simulator;
  let org: SimOrg;
  let rest: RestClient;
  beforeAll(async () => {
    simulator = await startSimulator({ orgs: [sourceOrg], tls: false });
    org = simulator.org('Source');
    rest = new RestClient(simulator.restUrl, 201);
  });
  afterEach(() => simulator.faults.clear());
  afterAll(() => simulator.stop());

  const create = () => rest.send('POST', '/incidents', { name: 'x', discovered_date: 1 });

  it.each([200, 403, 404, 405, 410, 500, 502, 503, 504])(
    'answers %d with a page, and nothing was done',
    async (status) => {
      const before = org.incidentIds().length;
      simulator.faults.add({ gateway: { status }, times: 1 });
      const answer = await create();
      expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'text/html; charset=utf-8']);
      expect(answer.text).toContain(`<title>${status}`);
      expect(org.incidentIds()).toHaveLength(before);
    },
  );

  it('answers in place of the platform, which has done it', async () => {
    const before = org.incidentIds().length;
    simulator.faults.add({ gateway: { status: 503, commit: 'after' }, times: 1 });
    const answer = await create();
    expect([answer.status, answer.headers.get('content-type')]).toEqual([503, 'text/html; charset=utf-8']);
    expect(org.incidentIds()).toHaveLength(before + 1);
  });

  it('answers a bare line, or JSON that is none of the platform’s', async () => {
    simulator.faults.add({ gateway: { status: 404, page: 'text' }, times: 1 });
    const text = await rest.send('GET', '/types');
    expect([text.text, text.headers.get('content-type')]).toEqual([
      'default backend - 404',
      'text/plain; charset=utf-8',
    ]);
    simulator.faults.add({ gateway: { status: 404, page: 'json' }, times: 1 });
    const json = await rest.send('GET', '/types');
    expect(json.headers.get('content-type')).toContain('application/json');
    expect(json.body).not.toHaveProperty('success');
  });

  it('redirects to its sorry page', async () => {
    simulator.faults.add({ gateway: { status: 302 }, times: 1 });
    const answer = await fetch(`${simulator.restUrl}/rest/orgs/201/types`, { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/sorry.html']);
    const sorry = await fetch(`${simulator.restUrl}/sorry.html`);
    expect([sorry.status, sorry.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  });

  it('is over after its time', async () => {
    const fault = simulator.faults.add({ gateway: { status: 503 }, forMs: 60 });
    expect((await create()).status).toBe(503);
    await until(async () => (await create()).status === 200);
    expect(fault.hits).toBeGreaterThan(0);
  });
});
