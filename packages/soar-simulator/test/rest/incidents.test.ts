import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { likeliest, startSimulator } from '../../src/index.js';
import type { SimOrg, Simulator } from '../../src/index.js';
import { RestClient } from '../helpers/RestClient.js';
import { sourceOrg, targetOrg } from '../helpers/twoOrgs.js';

const discovered = 1_611_190_933_000;

describe('incidents over REST', () => {
  let simulator: Simulator;
  let org: SimOrg;
  let rest: RestClient;
  let target: RestClient;
  beforeAll(async () => {
    simulator = await startSimulator({ orgs: [sourceOrg, { ...targetOrg, finalPhaseRequired: true }], tls: false });
    org = simulator.org('Source');
    rest = new RestClient(simulator.restUrl, 201);
    target = new RestClient(simulator.restUrl, 202);
  });
  afterAll(() => simulator.stop());

  const create = (more: Record<string, unknown> = {}) =>
    rest.ok('POST', '/incidents?want_full_data=true', {
      name: 'Suspicious login',
      discovered_date: discovered,
      ...more,
    });

  it('creates with handles as id, label or object, and reads them back in every format', async () => {
    const created = await create({
      severity_code: { name: 'High' },
      owner_id: 'bob@example.com',
      members: ['SOC', { id: org.labels.id('incident', 'members', 'ada@example.com') }],
      incident_type_ids: ['Other'],
      description: { format: 'html', content: '<b>hi</b><script>x()</script>' },
      workspace: 'Europe',
      properties: { ticket: 'T-1', risk: 'b' },
      pii: { data_compromised: true },
    });
    expect(created).toMatchObject({
      severity_code: org.labels.id('incident', 'severity_code', 'High'),
      description: '<b>hi</b>',
      plan_status: 'A',
      vers: 1,
      org_id: 201,
      properties: { ticket: 'T-1', risk: org.labels.id('incident', 'risk', 'b') },
      pii: { data_compromised: true },
      creator_principal: { type: 'apikey', name: 'key-201' },
    });
    const names = await rest.ok('GET', `/incidents/${created.id}?handle_format=names`);
    expect(names).toMatchObject({ severity_code: 'High', owner_id: 'bob@example.com', properties: { risk: 'b' } });
    expect(names['members']).toEqual(['SOC', 'ada@example.com']);
    const objects = await rest.ok('GET', `/incidents/${created.id}`, undefined, {
      handle_format: 'objects',
      text_content_output_format: 'objects_convert',
    });
    expect(objects['workspace']).toEqual({ id: created['workspace'], name: 'Europe' });
    expect(objects['description']).toEqual({ format: 'html', content: '<b>hi</b>' });
  });

  it('gives equal labels other ids in the other org', () => {
    const id = (sim: SimOrg) => sim.labels.id('incident', 'severity_code', 'High');
    expect(id(org)).not.toBe(id(simulator.org('Target')));
  });

  it.each([
    [{ discovered_date: null }, 'Field discovered date is required.', ['field_defs']],
    [{ properties: { nope: 1 } }, 'Invalid field name: nope', []],
    [{ severity_code: 'Dreadful' }, '"Dreadful" is not a valid value for the field severity_code.', []],
    [{ discovered_date: 'today' }, expect.stringContaining('discovered_date'), []],
    [{ plan_status: 'C' }, 'Field resolution id is required. Field resolution summary is required.', ['field_defs']],
  ])('refuses %j with 400', async (wrong, message, hints) => {
    const before = org.incidentIds().length;
    const body = { name: 'x', discovered_date: discovered, ...wrong };
    const answer = await rest.send('POST', '/incidents', body);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ success: false, title: null, message, hints, error_code: 'generic' });
    expect(org.incidentIds()).toHaveLength(before);
  });

  it('refuses a field that only this org requires', async () => {
    const answer = await target.send('POST', '/incidents', { name: 'x', discovered_date: discovered });
    expect(answer.body['message']).toBe('Field severity code is required.');
  });

  it('prints ids with thousands separators in 404', async () => {
    expect((await rest.send('GET', '/incidents/2267891')).body['message']).toBe(
      'Unable to find object with ID 2,267,891',
    );
  });

  it('takes a PUT only at the current version and clears what it leaves out', async () => {
    const created = await create({ addr: 'Main St', properties: { ticket: 'T-9' } });
    const { addr: _left, ...body } = created as unknown as Record<string, unknown>;
    const updated = await rest.ok('PUT', `/incidents/${created.id}`, { ...body, name: 'Renamed' });
    expect(updated).toMatchObject({ name: 'Renamed', addr: null, vers: 2, properties: { ticket: 'T-9' } });
    expect((await rest.send('PUT', `/incidents/${created.id}`, body)).status).toBe(409);
  });

  it('patches, and names a conflict only when the version is older and the old value differs', async () => {
    const { id } = await create({ city: 'Bonn' });
    const patch = (old: string, version: number) => ({
      version,
      changes: [{ field: 'city', old_value: { object: old }, new_value: { object: 'Mainz' } }],
    });
    org.updateIncident(Number(id), { city: 'Ulm' });
    expect(await rest.ok('PATCH', `/incidents/${id}`, patch('Bonn', 1))).toMatchObject({
      success: false,
      message: expect.stringContaining('The following field(s) were in conflict:  city.'),
      field_failures: [{ field: 'city', your_original_value: 'Bonn', actual_current_value: 'Ulm' }],
    });
    expect(org.incident(Number(id))['city']).toBe('Ulm');
    expect((await rest.ok('PATCH', `/incidents/${id}`, patch('Ulm', 1)))['success']).toBe(true);
    expect((await rest.ok('PATCH', `/incidents/${id}`, patch('wrong', 3)))['success']).toBe(true);
    const custom = { changes: [{ field: { name: 'properties.ticket' }, old_value: {}, new_value: { text: 'T-2' } }] };
    expect((await rest.ok('PATCH', `/incidents/${id}`, custom))['success']).toBe(true);
    expect(org.incident(Number(id))).toMatchObject({ city: 'Mainz', properties: { ticket: 'T-2' } });
  });

  it('closes, sets and clears the end date, and follows the phase of the open tasks', async () => {
    const { id } = org.createIncident({ name: 'x', discovered_date: discovered });
    const phase = () => org.labels.label('incident', 'phase_id', org.incident(id).phase_id);
    expect(phase()).toBe('Initial');
    const task = org.createTask(id, { name: 't', phase_id: 'Respond' });
    expect(phase()).toBe('Respond');
    org.updateTask(task.id, { status: 'C' });
    expect(phase()).toBe('Complete');
    expect(org.closeIncident(id).end_date).toEqual(expect.any(Number));
    expect(org.reopenIncident(id).end_date).toBeNull();
  });

  it('refuses to close with open required tasks where the org says so', async () => {
    const severity = { severity_code: 'Low' };
    const body = { name: 'x', discovered_date: discovered, incident_type_ids: ['Malware'], ...severity };
    const { id } = await target.ok('POST', '/incidents', body);
    const close = { plan_status: 'C', resolution_id: 'Resolved', resolution_summary: 'done' } as const;
    expect(() => simulator.org('Target').updateIncident(Number(id), close)).toThrow('required tasks are open');
    for (const task of simulator.org('Target').tasks(Number(id)))
      simulator.org('Target').updateTask(task.id, { status: 'C' });
    expect(simulator.org('Target').updateIncident(Number(id), close).plan_status).toBe('C');
    expect((await target.send('POST', '/incidents', { ...body, ...close })).status).toBe(400);
  });

  it('adds the tasks of an incident type at once or later, and keeps them from being deleted', async () => {
    const created = await rest.ok('POST', '/incidents?want_tasks=true', {
      name: 'x',
      discovered_date: discovered,
      incident_type_ids: ['Malware'],
    });
    const [task] = created['tasks'] ?? [];
    expect(task).toMatchObject({ custom: false, required: true, cat_name: 'Respond', at_id: expect.any(Number) });
    expect((await rest.send('DELETE', `/tasks/${task?.['id']}`)).status).toBe(400);

    simulator.behaviour = { ...likeliest, autoTasks: 'later', autoTaskDelayMs: 30 };
    const later = org.createIncident({ name: 'y', discovered_date: discovered, incident_type_ids: ['Malware'] });
    expect(org.tasks(later.id)).toHaveLength(0);
    await org.settled();
    expect(org.tasks(later.id)).toHaveLength(2);
    simulator.behaviour = likeliest;
    org.updateIncident(later.id, { incident_type_ids: ['Phishing'] });
    expect(org.tasks(later.id).map(({ active }) => active)).toEqual([false, false, true]);
  });

  describe('that is created with notes and artifacts', () => {
    const body = {
      name: 'Whole',
      discovered_date: discovered,
      comments: [{ text: 'one' }, { text: { format: 'html', content: '<b>two</b>' } }],
      artifacts: [{ type: { name: 'String' }, value: 'x' }],
    };
    const held = (id: unknown) => [
      org.notes({ incidentId: Number(id) }).map(({ text }) => text),
      org.artifacts(Number(id)).map(({ value }) => value),
    ];
    const notes = ['one', '<b>two</b>'];
    const both = [notes, ['x']];
    afterEach(() => {
      simulator.behaviour = likeliest;
    });

    it.each([
      ['taken', both],
      ['ignored', [[], []]],
      ['notes-only', [notes, []]],
      ['artifacts-only', [[], ['x']]],
    ] as const)('has what the switch says: %s', async (bundledObjects, expected) => {
      simulator.behaviour = { ...likeliest, bundledObjects };
      const made = await rest.ok('POST', '/incidents', body);
      expect(held(made['id'])).toEqual(expected);
      expect([made['comments'], made['artifacts']].map((list) => (Array.isArray(list) ? list.length : 0))).toEqual(
        expected.map(({ length }) => length),
      );
    });

    it('may be refused, or answered without them', async () => {
      simulator.behaviour = { ...likeliest, bundledObjects: 'refused' };
      expect((await rest.send('POST', '/incidents', body)).status).toBe(400);
      simulator.behaviour = { ...likeliest, bundledAnswer: 'omitted' };
      const made = await rest.ok('POST', '/incidents', body);
      expect([made['comments'], made['artifacts']]).toEqual([null, null]);
      expect(held(made['id'])).toEqual(both);
    });

    it('is made with all of them or not at all', async () => {
      const before = org.incidentIds();
      const odd = { ...body, artifacts: [...body.artifacts, { type: { name: 'String' }, value: '' }] };
      expect((await rest.send('POST', '/incidents', odd)).status).toBe(400);
      expect(org.incidentIds()).toEqual(before);
    });

    it('has two equal artifacts only once', async () => {
      const address = { type: { name: 'IP Address' }, value: '10.0.0.1' };
      const made = await rest.ok('POST', '/incidents', { ...body, artifacts: [address, address] });
      expect(held(made['id'])[1]).toEqual(['10.0.0.1']);
    });
  });

  it('pages with filters, alternatives and a limit', async () => {
    const sim = await startSimulator({ orgs: [{ id: 1, name: 'Paging', schema: sourceOrg.schema ?? {} }], tls: false });
    try {
      const client = new RestClient(sim.restUrl, 1);
      const ids = Array.from({ length: 12 }, (_, i) => {
        const properties = { ticket: `T-${i}`, risk: i % 2 ? 'a' : 'b' };
        return sim.org(1).createIncident({ name: `n${i}`, discovered_date: discovered, properties }).id;
      });
      const query = (body: unknown) => client.ok('POST', '/incidents/query_paged?return_level=full', body);
      const idOf = (page: { data?: readonly { id?: unknown }[] }) => page.data?.map(({ id }) => id);
      const condition = (field_name: string, method: string, value: unknown) => ({ field_name, method, value });
      const sorts = [{ field_name: 'id', type: 'asc' }];
      const after = { conditions: [condition('id', 'gt', ids[4])] };
      expect(await query({ start: 2, length: 3, sorts, filters: [after] })).toMatchObject({
        recordsTotal: 12,
        recordsFiltered: 7,
        data: ids.slice(7, 10).map((id) => ({ id })),
      });
      const both = { conditions: [condition('properties.risk', 'equals', 'a'), condition('id', 'lte', ids[3])] };
      const either = [both, { conditions: [condition('properties.ticket', 'equals', 'T-11')] }];
      expect(idOf(await query({ length: null, sorts, filters: either }))).toEqual([ids[1], ids[3], ids[11]]);
      expect(idOf(await query({ length: 2, sorts: [{ field_name: 'id', type: 'desc' }] }))).toEqual([ids[11], ids[10]]);
      sim.behaviour = { ...sim.behaviour, maxPageSize: 5 };
      expect((await client.send('POST', '/incidents/query_paged', { length: 6 })).status).toBe(400);
      expect(idOf(await query({ length: 0 }))).toHaveLength(5);
      const unknown = { filters: [{ conditions: [condition('ticket', 'equals', 'T-1')] }] };
      expect((await client.send('POST', '/incidents/query_paged', unknown)).body['message']).toContain('ticket');
    } finally {
      await sim.stop();
    }
  });

  it('deletes with everything below, unless the org forbids it', async () => {
    const { id } = org.createIncident({ name: 'x', discovered_date: discovered });
    const task = org.createTask(id, { name: 't' });
    const note = org.addNote({ taskId: task.id }, 'n');
    expect((await rest.send('DELETE', `/incidents/${id}`)).body['success']).toBe(true);
    expect((await rest.send('GET', `/incidents/${id}`)).status).toBe(404);
    expect(() => org.note(note.id)).toThrow('Unable to find object');
    const strict = await startSimulator({ orgs: [{ ...sourceOrg, incidentDeletionAllowed: false }], tls: false });
    const kept = strict.org(201).createIncident({ name: 'x', discovered_date: discovered });
    expect((await new RestClient(strict.restUrl, 201).send('DELETE', `/incidents/${kept.id}`)).status).toBe(403);
    await strict.stop();
  });
});
