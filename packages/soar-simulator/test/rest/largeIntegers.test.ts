import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readJson, startSimulator } from '../../src/index.js';
import type { Simulator } from '../../src/index.js';
import { RestClient } from '../helpers/RestClient.js';

const LARGE = 9_007_199_254_740_993n;

describe('integers beyond 2^53', () => {
  let simulator: Simulator;
  let rest: RestClient;
  beforeAll(async () => {
    simulator = await startSimulator({
      orgs: [{ id: 201, name: 'Source', schema: { incidentFields: [{ name: 'cust_num', inputType: 'number' }] } }],
      tls: false,
    });
    rest = new RestClient(simulator.restUrl, 201);
  });
  afterAll(() => simulator.stop());

  it('keep their digits in bodies, search, queries, dumps and messages', async () => {
    const sent = `{"name":"x","discovered_date":1,"properties":{"cust_num":${LARGE}}}`;
    const created = await rest.send('POST', '/incidents', sent);
    expect(created.text).toContain(`"cust_num":${LARGE}`);
    const { id } = created.body;
    expect((await rest.send('GET', `/incidents/${id}`)).text).toContain(`"cust_num":${LARGE}`);
    const found = await rest.send('POST', '/rest/search_ex', {
      org_id: 201,
      query: `inc_id:${id}`,
      types: ['incident'],
    });
    expect(found.text).toContain(`"cust_num":${LARGE}`);
    const query = (value: bigint) =>
      `{"filters":[{"conditions":[{"field_name":"properties.cust_num","method":"gte","value":${value}}]}]}`;
    expect((await rest.ok('POST', '/incidents/query_paged', query(LARGE))).recordsFiltered).toBe(1);
    expect((await rest.ok('POST', '/incidents/query_paged', query(LARGE + 1n))).recordsFiltered).toBe(0);
    await simulator.org(201).settled();
    const message = Buffer.from(simulator.broker.savedMessages()[0]?.base64 ?? '', 'base64').toString();
    expect(readJson(message)).toMatchObject({ incident: { properties: { cust_num: LARGE } } });
    expect(simulator.dump(201).incidents[0]?.ids['properties']).toEqual({ cust_num: LARGE });
  });

  it('are written by PATCH, and refused beyond 64 bits', async () => {
    const { id } = simulator.org(201).createIncident({ name: 'y', discovered_date: 1 });
    const patch = (value: string) =>
      rest.send('PATCH', `/incidents/${id}`, `{"changes":[{"field":"cust_num","new_value":{"object":${value}}}]}`);
    expect((await patch(String(-LARGE))).status).toBe(200);
    expect(simulator.org(201).incident(id).properties).toEqual({ cust_num: -LARGE });
    expect((await patch('9223372036854775808')).status).toBe(400);
    expect((await patch('1.5')).status).toBe(400);
  });
});
