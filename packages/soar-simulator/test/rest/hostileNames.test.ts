import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSimulator } from '../../src/index.js';
import type { Simulator } from '../../src/index.js';
import { RestClient } from '../helpers/RestClient.js';

const names = ['__proto__', 'constructor', 'valueOf', 'toString', 'hasOwnProperty'];

/** Own properties only, `__proto__` included. */
const entriesOf = (object: object) => Object.entries(object);

describe('names that every object inherits', () => {
  let simulator: Simulator;
  let rest: RestClient;
  beforeAll(async () => {
    simulator = await startSimulator({
      orgs: [
        {
          id: 201,
          name: 'Source',
          users: [{ email: 'ada@example.com' }],
          groups: names.map((name) => ({ name })),
          schema: {
            incidentFields: [
              ...names.map((name) => ({ name, inputType: 'text' as const })),
              { name: 'choice', inputType: 'select', options: names },
              { name: 'person', inputType: 'select_owner' },
            ],
            tables: names.map((name) => ({
              name,
              columns: names.map((column) => ({ name: column, inputType: 'text' as const })),
            })),
            artifactTypes: names.map((name) => ({ name: `Custom ${name}`, programmaticName: name })),
          },
        },
      ],
      tls: false,
    });
    rest = new RestClient(simulator.restUrl, 201);
  });
  afterAll(() => simulator.stop());

  it.each(names)('%s is a custom field, an option, a person', async (name) => {
    const properties = `{${JSON.stringify(name)}:"set","choice":${JSON.stringify(name)},"person":${JSON.stringify(name)}}`;
    const created = await rest.send(
      'POST',
      '/incidents',
      `{"name":"x","discovered_date":1,"properties":${properties}}`,
    );
    expect(created.status).toBe(200);
    const shown = await rest.ok('GET', `/incidents/${created.body.id}?handle_format=names`);
    const own = new Map(entriesOf(shown.properties));
    expect(names.map((each) => own.get(each))).toEqual(names.map((each) => (each === name ? 'set' : null)));
    expect([own.get('choice'), own.get('person')]).toEqual([name, name]);
  });

  it.each(names)('%s is a table and a column', async (name) => {
    const org = simulator.org(201);
    const { id } = org.createIncident({ name: 'x', discovered_date: 1 });
    const cells = Object.fromEntries(names.map((column) => [column, `${column} of ${name}`]));
    org.addRow(id, name, cells);
    await org.settled();
    const { rows } = await rest.ok('GET', `/incidents/${id}/table_data/${name}?handle_format=names`);
    const shown = entriesOf(rows[0].cells).map(([column, cell]) => [column, (cell as { value: unknown }).value]);
    expect(new Map(shown as [string, unknown][])).toEqual(new Map(entriesOf(cells)));
    const [dumped] = simulator.dump(201).incidents.find((each) => each.id === id)?.rows ?? [];
    expect(entriesOf(dumped?.labels['cells'] as object)).toEqual(entriesOf(cells));
  });

  it.each(names)('%s is no method of a query, no field of a body', async (name) => {
    const filters = [{ conditions: [{ field_name: 'name', method: name, value: 'x' }] }];
    expect((await rest.send('POST', '/incidents/query_paged', { filters })).status).toBe(400);
    expect((await rest.send('GET', `/types/${name}x`)).status).toBe(404);
  });
});
