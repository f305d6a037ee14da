import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { likeliest, startSimulator } from '../../src/index.js';
import type { OrgOptions, Simulator } from '../../src/index.js';
import { RestClient } from '../helpers/RestClient.js';

const FRESH: OrgOptions = {
  id: 201,
  name: 'Fresh',
  feedPackage: false,
  schema: { tables: [{ name: 'hosts', label: 'Hosts', columns: [{ name: 'ip', inputType: 'text' }] }] },
};

const RULE = {
  ...{ name: 'Notes', object_type: 'note', uuid: '11111111-1111-4111-8111-111111111111', type: 0, enabled: true },
  message_destinations: ['feed_data'],
};
const BODY = {
  export_format_version: 2,
  message_destinations: [{ programmatic_name: 'feed_data', expect_ack: true, users: [], api_keys: [] }],
  fields: [
    { export_key: '__function/low', name: 'low', text: 'Low', input_type: 'number', uuid: 'u-low' },
    { export_key: 'incident/team', name: 'team', text: 'Team', input_type: 'select', values: [{ label: 'Red' }] },
  ],
  functions: [
    {
      name: 'sync',
      display_name: 'Sync',
      destination_handle: 'feed_data',
      uuid: 'u-f',
      view_items: [{ content: 'u-low' }],
    },
  ],
  actions: [RULE, { ...RULE, name: 'Hosts', object_type: 'hosts', uuid: '22222222-2222-4222-8222-222222222222' }],
  types: [
    { type_name: 'ports', display_name: 'Ports', fields: { nr: { name: 'nr', text: 'Nr', input_type: 'number' } } },
  ],
  phases: [{ name: 'Aftermath' }],
  incident_types: [{ name: 'Heist' }],
  incident_artifact_types: [{ name: 'Badge', programmatic_name: 'badge' }],
};

describe('an import of a configuration', () => {
  let simulator: Simulator;
  let rest: RestClient;
  beforeEach(async () => {
    simulator = await startSimulator({ orgs: [FRESH], tls: false });
    rest = new RestClient(simulator.restUrl, 201);
  });
  afterEach(() => simulator.stop());

  const behave = (changes: Partial<typeof likeliest>) => (simulator.behaviour = { ...likeliest, ...changes });
  const send = (body: unknown = BODY) => rest.send('POST', '/configurations/imports', body);
  async function accept(body: unknown = BODY): Promise<void> {
    const { body: pending } = await send(body);
    await rest.ok('PUT', `/configurations/imports/${pending.id}`, { ...pending, status: 'ACCEPTED' });
  }

  it('waits for a confirmation, and then its rules are live, tables included', async () => {
    expect((await rest.ok('GET', '/message_destinations')).entities).toEqual([]);
    const { body: pending } = await send();
    expect(pending).toMatchObject({ status: 'PENDING', messages: [expect.objectContaining({ type: 'INFO' })] });
    expect(simulator.org(201).rules()).toEqual([]);
    const done = await rest.ok('PUT', `/configurations/imports/${pending.id}`, { ...pending, status: 'ACCEPTED' });
    expect(done.status).toBe('ACCEPTED');
    const sent: string[] = [];
    const publish = simulator.broker.publish.bind(simulator.broker);
    simulator.broker.publish = (message) => {
      sent.push(message.destination);
      return publish(message);
    };
    const org = simulator.org(201);
    const { id } = org.createIncident({ name: 'One', discovered_date: 1, properties: { team: 'Red' } });
    org.addNote({ incidentId: id }, 'a note');
    org.addRow(id, 'hosts', { ip: '10.0.0.1' });
    await org.settled();
    expect(sent).toEqual(['actions.201.feed_data', 'actions.201.feed_data']);
    const { phases, incidentTypes, artifactTypes, types } = simulator.dump(201).schema;
    expect(phases.map(({ label }) => label)).toContain('Aftermath');
    expect(incidentTypes.map(({ label }) => label)).toContain('Heist');
    expect(artifactTypes.map(({ label }) => label)).toContain('Badge');
    expect(types['ports']?.fields['nr']).toMatchObject({ inputType: 'number' });
    expect(Object.keys((await rest.ok('GET', '/types')).incident.fields)).toContain('team');
  });

  it('adds nothing twice, and appears in the export', async () => {
    await accept();
    const { rules } = { rules: simulator.org(201).rules() };
    await accept();
    expect(simulator.org(201).rules()).toEqual(rules);
    const exported = await rest.ok('POST', '/configurations/exports/', { actions: true });
    expect(exported.actions.map(({ export_key: key }: { export_key: string }) => key)).toEqual(['Notes', 'Hosts']);
    expect(exported.functions).toMatchObject([{ name: 'sync', view_items: [{ content: 'u-low' }] }]);
    expect(exported.fields).toContainEqual(expect.objectContaining({ export_key: '__function/low', uuid: 'u-low' }));
  });

  it('may be rejected, refused, done at once or fail', async () => {
    const { body: pending } = await send();
    await rest.ok('PUT', `/configurations/imports/${pending.id}`, { ...pending, status: 'REJECTED' });
    behave({ imports: 'refused' });
    expect((await send()).status).toBe(400);
    behave({ imports: 'failed' });
    const { body: other } = await send();
    const answer = await rest.ok('PUT', `/configurations/imports/${other.id}`, { ...other, status: 'ACCEPTED' });
    expect(answer).toMatchObject({ status: 'FAILED', messages: [{ type: 'ERROR' }] });
    expect(simulator.org(201).rules()).toEqual([]);
    behave({ imports: 'at-once' });
    expect((await send()).body.status).toBe('ACCEPTED');
    expect(simulator.org(201).rules()).toHaveLength(2);
  });

  it.each([
    ['another format', { ...BODY, export_format_version: 1 }],
    ['an unknown type', { ...BODY, actions: [{ ...RULE, object_type: 'cows' }] }],
    ['an unknown destination', { ...BODY, actions: [{ ...RULE, message_destinations: ['elsewhere'] }] }],
    [
      'another type of a field',
      { ...BODY, fields: [{ export_key: 'incident/name', name: 'name', input_type: 'number' }] },
    ],
    ['a playbook without its function', { ...BODY, playbooks: [{ name: 'p', content: { xml: '<a/>' } }] }],
  ])('is refused for %s, and changes nothing', async (_, body) => {
    expect((await send(body)).status).toBe(400);
    expect(simulator.org(201).rules()).toEqual([]);
  });

  it('can be taken back piece by piece, what is in use last', async () => {
    await accept();
    const [queue] = (await rest.ok('GET', '/message_destinations')).entities;
    expect((await rest.send('DELETE', `/message_destinations/${queue.id}`)).status).toBe(400);
    expect((await rest.send('DELETE', '/types/__function/fields/low')).status).toBe(400);
    for (const { id } of simulator.org(201).rules()) await rest.ok('DELETE', `/actions/${id}`);
    await rest.ok('DELETE', '/functions/sync');
    await rest.ok('DELETE', '/types/__function/fields/low');
    await rest.ok('DELETE', `/message_destinations/${queue.id}`);
    expect((await rest.ok('GET', '/message_destinations')).entities).toEqual([]);
    expect((await rest.send('DELETE', '/types/incident/fields/name')).status).toBe(400);
  });

  it('survives a restart with the state', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
    await accept();
    const rules = simulator.org(201).rules();
    await rest.ok('DELETE', `/actions/${rules[0]?.id}`);
    await simulator.saveState(join(folder, 'state'));
    const again = await startSimulator({ orgs: [FRESH], tls: false });
    try {
      await again.loadState(join(folder, 'state'));
      expect(again.org(201).rules()).toEqual(simulator.org(201).rules());
      expect(again.dump(201).schema).toEqual(simulator.dump(201).schema);
    } finally {
      await again.stop();
      rmSync(folder, { recursive: true });
    }
  });
});
