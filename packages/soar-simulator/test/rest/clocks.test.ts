import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startSimulator } from '../../src/index.js';
import type { Simulator } from '../../src/index.js';
import { RestClient } from '../helpers/RestClient.js';
import { sourceOrg, targetOrg } from '../helpers/twoOrgs.js';

const HOUR_MS = 3_600_000;
const now = 1_750_000_000_000;

describe('the clock of a server', () => {
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await startSimulator({ orgs: [sourceOrg, targetOrg], tls: false, now: () => now });
  });
  afterEach(() => {
    simulator.clockOffsetMs = 0;
    simulator.org('Source').clockOffsetMs = 0;
  });
  afterAll(() => simulator.stop());

  const dateOf = async (org: number, path: string, method = 'GET', body?: object) => {
    const { headers } = await new RestClient(simulator.restUrl, org).send(method, path, body);
    return Date.parse(headers.get('date') ?? '');
  };

  it('is wrong for one org alone: in its Date header, and in every date it writes', async () => {
    const source = simulator.org('Source');
    source.clockOffsetMs = -HOUR_MS;
    expect(await dateOf(201, '/types')).toBe(now - HOUR_MS);
    expect(await dateOf(201, '/rest/session')).toBe(now - HOUR_MS);
    expect(await dateOf(201, '/rest/search_ex', 'POST', { org_id: 201, query: '' })).toBe(now - HOUR_MS);
    expect(await dateOf(201, '/incidents/999999')).toBe(now - HOUR_MS);
    expect(await dateOf(202, '/types')).toBe(now);
    const { id, create_date: created } = source.createIncident({ name: 'x', discovered_date: 1 });
    expect([created, source.addNote({ incidentId: id }, 'y').create_date]).toEqual([now - HOUR_MS, now - HOUR_MS]);
  });

  it('stamps the messages of that org', async () => {
    const source = simulator.org('Source');
    source.clockOffsetMs = HOUR_MS;
    source.createIncident({ name: 'x', discovered_date: 1 });
    await source.settled();
    const [message] = simulator.broker.savedMessages().slice(-1);
    expect(message?.headers['timestamp']).toBe(String(now + HOUR_MS));
  });

  it('may be wrong for the whole server; a gateway has its own', async () => {
    simulator.clockOffsetMs = HOUR_MS;
    expect(await dateOf(202, '/types')).toBe(now + HOUR_MS);
    simulator.org('Source').clockOffsetMs = HOUR_MS;
    simulator.faults.add({ gateway: { status: 503 }, times: 1 });
    expect(await dateOf(201, '/types')).toBe(now + HOUR_MS);
  });
});
