import { Readable } from 'node:stream';
import { startSimulator } from '@soar-feed/soar-simulator';
import type { Simulator } from '@soar-feed/soar-simulator';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { SoarClient } from '../src/index.js';
import type { IncidentDto, SoarConnection } from '../src/index.js';
import { failureFrom } from './support/failureFrom.js';

/** Every resource once against the simulated platform, which shares no code with the client. */
let simulator: Simulator;
let client: SoarClient;
let incident: IncidentDto;

beforeAll(async () => {
  simulator = await startSimulator({
    orgs: [
      {
        id: 201,
        name: 'Source',
        users: [{ email: 'ada@example.com', fname: 'Ada', lname: 'Admin', password: 'pw' }],
        incidentDeletionAllowed: true,
        schema: { tables: [{ name: 'hosts', label: 'Hosts', columns: [{ name: 'host', inputType: 'text' }] }] },
      },
      { id: 202, name: 'Other' },
    ],
  });
  client = await SoarClient.connect(byKey());
  incident = await client.incidents.create({ name: 'Suspicious login', discovered_date: 1_700_000_000_000 });
});
afterAll(async () => {
  await client.close();
  await simulator.stop();
});
afterEach(() => simulator.faults.clear());

function byKey(): SoarConnection {
  const { host, restPort, caFile } = simulator;
  return {
    host,
    port: restPort,
    cafile: caFile,
    org: 'Source',
    apiKeyId: 'key-201',
    apiKeySecret: 'secret-201',
    retries: { max: 2, delayMs: 5, backoff: 2 },
  };
}

const file = (text: string, name = 'a.txt') => ({
  name,
  contentType: 'text/plain',
  size: Buffer.byteLength(text),
  open: () => Promise.resolve(Readable.from([Buffer.from(text)])),
});

const textOf = async (content: Promise<{ stream: Readable }>) =>
  Buffer.concat(await (await content).stream.toArray()).toString();

describe('against the simulator', () => {
  it('incidents: versions, patch, pages, delete', async () => {
    const renamed = await client.incidents.update(incident.id, (current) => ({ ...current, name: 'Renamed' }));
    expect(renamed).toMatchObject({ name: 'Renamed' });
    expect(await failureFrom(client.incidents.put(incident.id, { ...incident, name: 'stale' }))).toMatchObject({
      status: 409,
      code: 'conflict',
    });
    const patched = await client.incidents.patch(incident.id, [
      { field: 'name', old_value: { text: 'Renamed' }, new_value: { text: 'Patched' } },
    ]);
    expect(patched.success).toBe(true);
    expect(await client.incidents.get(incident.id)).toMatchObject({ name: 'Patched' });

    const made: number[] = [];
    for (let i = 0; i < 7; i++) made.push((await client.incidents.create({ name: `n${i}`, discovered_date: i })).id);
    const seen: number[] = [];
    for await (const page of client.incidents.pages({ minId: made[0], pageSize: 3 }))
      seen.push(...page.map(({ id }) => id));
    expect(seen).toEqual(made);
    const gone = made[0] ?? 0;
    await client.incidents.delete(gone);
    expect(await failureFrom(client.incidents.get(gone))).toMatchObject({ status: 404, code: 'not-found' });
    const invalid = await failureFrom(client.incidents.create({ name: 'no date' }));
    expect(invalid).toMatchObject({ code: 'invalid-request', hints: ['field_defs'], retryable: false });
  });

  it('tasks and notes with replies', async () => {
    const task = await client.tasks.create(incident.id, { name: 'Triage' });
    await client.tasks.update(task.id, (current) => ({ ...current, name: 'Triage!' }));
    const note = await client.notes.create({ taskId: task.id }, { text: 'first' });
    await client.notes.create({ taskId: task.id }, { text: 'reply', parent_id: note.id });
    await client.notes.update({ taskId: task.id }, note.id, { text: 'first, edited' });
    const [listed] = await client.notes.list({ taskId: task.id });
    expect(listed).toMatchObject({ text: 'first, edited', children: [{ text: 'reply' }] });
    const withNotes = await client.tasks.list(incident.id, { wantNotes: true });
    expect(withNotes.find(({ id }) => id === task.id)).toMatchObject({ name: 'Triage!', notes: [{ id: note.id }] });
    await client.tasks.delete(task.id);
    expect(await failureFrom(client.tasks.get(task.id))).toMatchObject({ status: 404 });
  });

  it('artifacts and attachments with their bytes', async () => {
    const [artifact] = await client.artifacts.create(incident.id, { type: { name: 'String' }, value: 'v' });
    expect(artifact).toMatchObject({ value: 'v' });
    const [withFile] = await client.artifacts.createFile(
      incident.id,
      { type: { name: 'Other File' } },
      file('evidence', 'ä.bin'),
    );
    expect(withFile?.attachment).toMatchObject({ name: 'ä.bin', size: 8 });
    expect(await textOf(client.artifacts.content(incident.id, withFile?.id ?? 0))).toBe('evidence');

    const task = await client.tasks.create(incident.id, { name: 'With file' });
    const own = await client.attachments.create({ incidentId: incident.id }, file('one'));
    const onTask = await client.attachments.create({ taskId: task.id }, file('two'));
    expect(await textOf(client.attachments.content({ taskId: task.id }, onTask.id))).toBe('two');
    const all = (await client.attachments.listWithTasks(incident.id)).map(({ id }) => id);
    expect(all).toEqual(expect.arrayContaining([own.id, onTask.id]));
    await client.attachments.delete({ incidentId: incident.id }, own.id);
    expect((await client.attachments.list({ incidentId: incident.id })).map(({ id }) => id)).not.toContain(own.id);
  });

  it('milestones and rows', async () => {
    const milestone = await client.milestones.create(incident.id, { title: 'Contained', date: 1, description: '' });
    await client.milestones.update(incident.id, milestone.id, { title: 'Contained!', date: 1, description: '' });
    expect(await client.milestones.list(incident.id)).toMatchObject([{ title: 'Contained!' }]);
    const row = await client.dataTables.createRow(incident.id, 'hosts', { host: { value: 'a' } });
    const changed = await client.dataTables.updateRow(
      incident.id,
      'hosts',
      row.id,
      { host: { value: 'b' } },
      row.version,
    );
    expect(changed.version).not.toBe(row.version);
    const stale = client.dataTables.updateRow(incident.id, 'hosts', row.id, { host: { value: 'c' } }, row.version);
    expect(await failureFrom(stale)).toMatchObject({ status: 409 });
    expect((await client.dataTables.list(incident.id)).flatMap(({ rows }) => rows.map(({ id }) => id))).toEqual([
      row.id,
    ]);
    expect((await client.dataTables.get(incident.id, 'hosts')).rows).toHaveLength(1);
    await client.dataTables.deleteRow(incident.id, 'hosts', row.id);
    expect((await client.dataTables.get(incident.id, 'hosts')).rows).toEqual([]);
  });

  it('schema, people and lists', async () => {
    const types = await client.types.all();
    expect(types['incident']?.fields['name']).toMatchObject({ input_type: 'text', required: 'always' });
    expect(await client.types.fields('task')).toContainEqual(expect.objectContaining({ name: 'instructions' }));
    expect((await client.types.get('hosts')).id).toBeGreaterThan(1000);
    expect((await client.users.all()).map(({ email }) => email)).toContain('ada@example.com');
    for (const list of [
      client.workspaces,
      client.artifactTypes,
      client.incidentTypes,
      client.phases,
      client.messageDestinations,
    ]) {
      expect((await list.all()).length).toBeGreaterThan(0);
    }
    expect(await client.groups.all()).toBeInstanceOf(Array);
  });

  it('search', async () => {
    await client.notes.create({ incidentId: incident.id }, { text: 'findable' });
    const query = { minIncidentId: incident.id, maxIncidentId: incident.id, types: ['note'] as const };
    const found = await client.search.children(query);
    expect(found).toContainEqual(expect.objectContaining({ type_id: 'note', inc_id: incident.id }));
  });

  it('a create that was committed and never answered is unknown, and done once', async () => {
    const count = () => simulator.org(201).incidentIds().length;
    const before = count();
    simulator.faults.add({ method: 'POST', path: '/incidents', reset: 'after', times: 1 });
    const error = await failureFrom(client.incidents.create({ name: 'once', discovered_date: 1 }));
    expect(error).toMatchObject({ outcomeUnknown: true });
    expect(count()).toBe(before + 1);
  });

  it('a session that the server ended is renewed unseen', async () => {
    const { apiKeyId: _id, apiKeySecret: _secret, ...rest } = byKey();
    const user = await SoarClient.connect({ ...rest, email: 'ada@example.com', password: 'pw' });
    expect(user.principal).toMatchObject({ type: 'user', name: 'ada@example.com' });
    simulator.org(201).expireSessions();
    const names = await Promise.all([1, 2, 3].map(() => user.incidents.get(incident.id)));
    expect(names).toHaveLength(3);
    await user.close();
  });

  it('repeats no create that something else answers with 401 after it was done, and has a new session for the next', async () => {
    const { apiKeyId: _id, apiKeySecret: _secret, ...rest } = byKey();
    const user = await SoarClient.connect({ ...rest, email: 'ada@example.com', password: 'pw' });
    const page = { status: 401, page: 'html', commit: 'after' } as const;
    simulator.faults.add({ method: 'POST', path: '/incidents', times: 1, gateway: page });
    const create = user.incidents.create({ name: 'Once behind a proxy', discovered_date: 1 });
    await expect(create).rejects.toMatchObject({ outcomeUnknown: true });
    const made = simulator
      .org(201)
      .incidents()
      .filter(({ name }) => name === 'Once behind a proxy');
    expect(made).toHaveLength(1);
    expect(await user.incidents.get(made[0]?.id ?? 0)).toMatchObject({ name: 'Once behind a proxy' });
    await user.close();
  });
});
