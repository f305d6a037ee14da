import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { likeliest, startSimulator } from '../../src/index.js';
import type { Behaviour, QueueMessage, SimOrg, Simulator } from '../../src/index.js';
import { RestClient } from '../helpers/RestClient.js';
import type { Json } from '../helpers/RestClient.js';
import { sourceOrg } from '../helpers/twoOrgs.js';
import { RawClient } from '../stomp/RawClient.js';

const discovered = 1_611_190_933_000;

describe('messages of rules', () => {
  let simulator: Simulator;
  let org: SimOrg;
  let sent: { message: QueueMessage; body: Json }[];
  beforeEach(async () => {
    simulator = await startSimulator({ orgs: [sourceOrg], tls: false });
    org = simulator.org('Source');
    sent = [];
    const publish = simulator.broker.publish.bind(simulator.broker);
    simulator.broker.publish = (message) => {
      sent.push({ message, body: JSON.parse(message.body) });
      return publish(message);
    };
  });
  afterEach(() => simulator.stop());

  const behave = (changes: Partial<Behaviour>) => (simulator.behaviour = { ...likeliest, ...changes });
  const create = (more: Record<string, unknown> = {}) =>
    org.createIncident({ name: 'Suspicious login', discovered_date: discovered, ...more }).id;
  const kinds = () => sent.map(({ body }) => `${Object.keys(body.type_info)[0]} ${body.operation_type}`);

  it('are not about e-mail messages without a rule for them', async () => {
    const id = create();
    const email = org.receiveEmail(id, { from: { address: 'eve@example.com' }, subject: 'Hello', body: '<p>x</p>' });
    expect(org.emails(id)).toEqual([email]);
    org.deleteEmail(email.id);
    expect(org.emails(id)).toEqual([]);
    await org.settled();
    expect(sent.map(({ body }) => body.object_type)).not.toContain(13);
  });

  it('carry the headers of the platform and the whole incident, with only the options it uses', async () => {
    const id = create({ severity_code: 'High', owner_id: 'ada@example.com', properties: { risk: 'a' } });
    await org.settled();
    const [first] = sent;
    expect(first?.message).toMatchObject({
      destination: 'actions.201.feed_data',
      headers: {
        'reply-to': '/queue/acks.201.feed_data',
        'correlation-id': expect.stringMatching(/^invid:\d+$/),
        Co3MessagePayload: 'ActionDataDTO',
        Co3ContentType: 'application/json',
        Co3ContextToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      },
    });
    const { body } = first ?? {};
    expect(body).toMatchObject({
      object_type: 0,
      operation_type: 'created',
      incident: { id, name: 'Suspicious login', perms: null, tasks: null, properties: { ticket: null } },
      task: null,
      note: null,
      row: null,
      principal: { type: 'user', name: 'ada@example.com' },
      user: { email: 'ada@example.com' },
      properties: {},
      workflow: null,
    });
    const { fields } = body.type_info.incident;
    const severity = String(org.labels.id('incident', 'severity_code', 'High'));
    expect(Object.keys(fields)).toEqual(Object.keys((await types()).incident.fields));
    expect(fields.severity_code.values).toEqual({ [severity]: expect.objectContaining({ label: 'High' }) });
    expect(Object.values(fields.owner_id.values)).toMatchObject([{ label: 'Ada Admin (ada@example.com)' }]);
    expect(Object.values(fields.risk.values)).toMatchObject([{ label: 'a' }]);
    expect(fields.plan_status.values.A).toMatchObject({ value: 'A', label: 'Active' });
    expect(fields.description.values).toEqual({});
    expect(simulator.broker.depth('actions.201.feed_data')).toBe(1);
  });

  const types = () => new RestClient(simulator.restUrl, 201).ok('GET', '/types');

  it('go out for every kind of object and operation, children with their incident', () => {
    const id = create();
    const task = org.createTask(id, { name: 't' }).id;
    const note = org.addNote({ taskId: task }, 'n').id;
    org.editNote(note, 'n2');
    const [artifact] = org.addArtifact(id, { type: 'String', value: 'v' });
    const attachment = org.addAttachment({ taskId: task }, { name: 'f', content: Buffer.from('x') }).id;
    const milestone = org.addMilestone(id, { title: 'm', date: 1 }).id;
    const row = org.addRow(id, 'hosts', { host: 'h', state: 'clean' }).id;
    org.updateRow(row, { host: 'h2' });
    org.deleteRow(row);
    org.deleteMilestone(milestone);
    org.deleteAttachment(attachment);
    org.deleteArtifact(artifact?.id ?? 0);
    org.deleteNote(note);
    org.deleteTask(task);
    org.deleteIncident(id);
    expect(kinds()).toEqual([
      'incident created',
      'task created',
      'note created',
      'note modified',
      'artifact created',
      'attachment created',
      'milestone created',
      'hosts created',
      'hosts modified',
      'hosts deleted',
      'milestone deleted',
      'attachment deleted',
      'artifact deleted',
      'note deleted',
      'task deleted',
      'incident deleted',
    ]);
    for (const { body } of sent) expect(body.incident).toMatchObject({ id, name: 'Suspicious login' });
    const [, created, noted] = sent;
    expect(created?.body.task).toMatchObject({ id: task, name: 't', at_id: null, notes_count: null, perms: null });
    expect(noted?.body).toMatchObject({ object_type: 2, task: { id: task }, note: { type: 'task', task_id: task } });
    const table = sent[7]?.body;
    expect(table).toMatchObject({ row: { id: row, table_name: 'hosts', version: 1 }, object_type: table.row.type_id });
    expect(Object.values(table.type_info.hosts.fields.state.values)).toMatchObject([{ label: 'clean' }]);
    expect(sent[9]?.body.row).toMatchObject({ id: row, version: 2 });
  });

  it.each([
    ['before-incident', ['task created', 'task created', 'incident created']],
    ['after-incident', ['incident created', 'task created', 'task created']],
  ] as const)('of automatic tasks come %s', (autoTaskMessages, order) => {
    behave({ autoTaskMessages });
    create({ incident_type_ids: ['Malware'] });
    expect(kinds()).toEqual(order);
  });

  it.each([
    [false, ['incident deleted']],
    [true, ['note deleted', 'task deleted', 'note deleted', 'note deleted', 'incident deleted']],
  ])('of the children of a deleted incident: %s', (childDeleteMessages, expected) => {
    behave({ childDeleteMessages });
    const id = create();
    const task = org.createTask(id, { name: 't' });
    org.addNote({ taskId: task.id }, 'n');
    const reply = org.reply(org.addNote({ incidentId: id }, 'top').id, 'reply');
    sent = [];
    org.deleteIncident(id);
    expect(kinds()).toEqual(expected);
    expect(() => org.note(reply.id)).toThrow('Unable to find');
  });

  it('say modified and is_deleted for a note with replies', () => {
    const id = create();
    const note = org.addNote({ incidentId: id }, 'top');
    org.reply(note.id, 'reply');
    sent = [];
    org.deleteNote(note.id);
    expect(sent.map(({ body }) => [body.operation_type, body.note.is_deleted, body.note.text])).toEqual([
      ['modified', true, ''],
    ]);
  });

  it('stop when rules are switched off, one type or all', () => {
    org.setRules(false, 'note');
    const id = create();
    org.addNote({ incidentId: id }, 'n');
    expect(kinds()).toEqual(['incident created']);
    org.setRules(false);
    create();
    expect(sent).toHaveLength(1);
  });

  it('are not sent by the rule whose context token a write carries', async () => {
    const id = create();
    const token = String(sent[0]?.message.headers['Co3ContextToken']);
    const rest = new RestClient(simulator.restUrl, 201);
    const patch = { changes: [{ field: 'city', old_value: {}, new_value: { text: 'Ulm' } }] };
    await rest.ok('PATCH', `/incidents/${id}`, patch, { 'X-Co3ContextToken': token });
    expect(sent).toHaveLength(1);
    await rest.ok('POST', `/incidents/${id}/comments`, { text: 'n' }, { 'X-Co3ContextToken': token });
    expect(kinds()).toEqual(['incident created', 'note created']);
    await rest.ok('PATCH', `/incidents/${id}`, patch, { 'X-Co3ContextToken': `${token}x` });
    expect(kinds()).toEqual(['incident created', 'note created', 'incident modified']);
    expect(sent.at(-1)?.body).toMatchObject({ user: null, principal: { type: 'apikey' } });
  });

  it('keep a half emoji, escaped or raw', () => {
    create({ name: 'cut \ud83d' });
    expect(sent.at(-1)?.message.body).toContain('cut \\ud83d');
    behave({ loneSurrogates: 'raw' });
    create({ name: 'cut \ud83d \\ud83d' });
    expect(sent.at(-1)?.message.body).toContain('cut \ud83d \\\\ud83d');
  });

  it('leave out nulls and the incident’s type by switches', () => {
    behave({ messageNulls: 'omitted', incidentTypeInfo: 'incident-messages' });
    org.addNote({ incidentId: create() }, 'n');
    const body = sent.at(-1)?.body;
    expect(Object.keys(body.type_info)).toEqual(['note']);
    expect(body).not.toHaveProperty('row');
  });

  it('start menu rules and functions, whose status follows the replies', async () => {
    const id = create();
    const client = await RawClient.open(simulator.stompPort);
    client.write('CONNECT\nlogin:key-201\npasscode:secret-201\naccept-version:1.2\n\n\0');
    await client.next('CONNECTED');
    const reply = (correlation: string, body: unknown) =>
      client.write(
        `SEND\ndestination:/queue/acks.201.feed_data\ncorrelation-id:${correlation.replace(':', '\\c')}\n\n${JSON.stringify(body)}\0`,
      );
    behave({ menuRuleStarts: 'message' });
    const menu = org.invokeMenuRule('Data Feeder: Sync Incidents', id, { data_feeder_minimum_incident_id: 1 });
    expect(sent.at(-1)?.body).toMatchObject({
      operation_type: null,
      incident: { id },
      properties: { data_feeder_minimum_incident_id: 1 },
    });
    expect(menu.status).toBe('pending');
    reply(menu.correlationId, { message_type: 1, message: 'no such range', complete: true });
    expect(await menu.done).toMatchObject({ status: 'error', messages: [{ text: 'no such range' }] });

    const inputs = { df_min_incident_id: 1, df_max_incident_id: null, df_query_api_method: false };
    const call = org.invokeFunction('data_feeder_sync_incidents', inputs);
    expect(sent.at(-1)?.message.headers['Co3MessagePayload']).toBe('FunctionDataDTO');
    expect(sent.at(-1)?.body).toMatchObject({
      function: { name: 'data_feeder_sync_incidents' },
      inputs: { df_min_incident_id: 1, df_query_api_method: false },
      workflow_instance: { workflow_instance_id: expect.any(Number) },
    });
    reply(call.correlationId, { message_type: 0, message: 'starting...', complete: false });
    reply(call.correlationId, { message_type: 0, message: 'Completed', complete: true, results: { n: 3 } });
    expect(await call.done).toMatchObject({ status: 'completed', results: { n: 3 } });
    expect(call.messages).toHaveLength(2);
    client.destroy();
  });

  it('of the menu rule, as IBM ships it, are those of the function that its workflow calls', async () => {
    const id = create();
    const inputs = { data_feeder_minimum_incident_id: id, query_api_method: true };
    const invocation = org.invokeMenuRule('Data Feeder: Sync Incidents', id, inputs);
    await org.settled();
    expect(invocation).toMatchObject({ kind: 'function', name: 'data_feeder_sync_incidents', incidentId: id });
    expect(sent.at(-1)?.message.headers['Co3MessagePayload']).toBe('FunctionDataDTO');
    expect(sent.at(-1)?.body.inputs).toEqual({ df_min_incident_id: id, df_query_api_method: true });
    const actions = await new RestClient(simulator.restUrl, 201).ok('GET', '/actions?handle_format=names');
    expect(actions.entities.at(-1)).toMatchObject({
      message_destinations: [],
      workflows: ['data_feeder_sync_incidents'],
    });
  });

  it('are only for those the destination lists', async () => {
    await simulator.stop();
    const destinations = [{ name: 'feed_data', principals: ['ada@example.com'] }];
    simulator = await startSimulator({ orgs: [{ ...sourceOrg, destinations }], tls: false });
    const subscribe = async (login: string, passcode: string) => {
      const client = await RawClient.open(simulator.stompPort);
      client.write(`CONNECT\nlogin:${login}\npasscode:${passcode}\naccept-version:1.2\n\n\0`);
      await client.next('CONNECTED');
      client.subscribe('actions.201.feed_data');
      return client;
    };
    const refused = await subscribe('key-201', 'secret-201');
    expect((await refused.next('ERROR')).headers['message']).toContain('not authorized');
    const listed = await subscribe('ada@example.com', 'pw');
    simulator.org(201).createIncident({ name: 'x', discovered_date: 1 });
    expect((await listed.next('MESSAGE')).headers['correlation-id']).toMatch(/invid/);
    refused.destroy();
    listed.destroy();
  });
});
