import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { likeliest, startSimulator } from '../../src/index.js';
import type { SimOrg, Simulator } from '../../src/index.js';
import { RestClient, upload } from '../helpers/RestClient.js';
import type { Json } from '../helpers/RestClient.js';
import { sourceOrg } from '../helpers/twoOrgs.js';
import { until } from '../helpers/until.js';

const discovered = 1_611_190_933_000;

describe('children of an incident over REST', () => {
  let simulator: Simulator;
  let org: SimOrg;
  let rest: RestClient;
  let id: number;
  beforeAll(async () => {
    simulator = await startSimulator({ orgs: [sourceOrg], tls: false });
    org = simulator.org('Source');
    rest = new RestClient(simulator.restUrl, 201);
  });
  beforeEach(() => {
    simulator.behaviour = likeliest;
    id = org.createIncident({ name: 'parent', discovered_date: discovered }).id;
  });
  afterAll(() => simulator.stop());

  describe('tasks', () => {
    it('creates, replaces, patches and deletes', async () => {
      const body = { name: 't', phase_id: { name: 'Engage' }, instructions: { format: 'html', content: '<i>go</i>' } };
      const task = await rest.ok('POST', `/incidents/${id}/tasks`, body);
      expect(task).toMatchObject({
        custom: true,
        status: 'O',
        cat_name: 'Engage',
        instructions: '<i>go</i>',
        inc_id: id,
      });
      const put = await rest.ok('PUT', `/tasks/${task.id}`, { name: 't2', status: 'C' });
      expect(put).toMatchObject({ name: 't2', status: 'C', closed_date: expect.any(Number), instructions: null });
      const change = { changes: [{ field: 'name', old_value: { text: 't2' }, new_value: { text: 't3' } }] };
      expect(await rest.ok('PATCH', `/tasks/${task.id}`, change)).toMatchObject({ success: true });
      simulator.behaviour = { ...likeliest, taskPatch: 'refused' };
      expect((await rest.send('PATCH', `/tasks/${task.id}`, change)).status).toBe(405);
      expect((await rest.send('PUT', `/tasks/${task.id}`, { status: 'O' })).body['message']).toBe(
        'Field name is required.',
      );
      await rest.ok('DELETE', `/tasks/${task.id}`);
      expect((await rest.send('GET', `/tasks/${task.id}`)).status).toBe(404);
    });

    it('is private as long as it has members', async () => {
      const { id: task } = org.createTask(id, { name: 'p', members: ['bob@example.com'] });
      expect(org.task(task)).toMatchObject({ private: true, members: [expect.any(Number)] });
      await rest.ok('DELETE', `/tasks/${task}/members`);
      expect(org.task(task)).toMatchObject({ private: false, members: null });
      org.updateTask(task, { private: true });
      expect(org.task(task)).toMatchObject({ private: true, members: [] });
      const body = { name: 'p', private: null, members: null, phase_id: null, status: null };
      await rest.ok('PUT', `/tasks/${task}`, body);
      expect(org.task(task)).toMatchObject({ private: null, members: null, cat_name: 'Custom', status: 'O' });
    });
  });

  describe('notes', () => {
    it('nests replies at any depth, apart for incident and task, and in tasks on demand', async () => {
      const top = await rest.ok('POST', `/incidents/${id}/comments`, { text: { format: 'text', content: 'a < b' } });
      expect(top).toMatchObject({ type: 'incident', text: 'a &lt; b', parent_id: null, children: [] });
      const reply = await rest.ok('POST', `/incidents/${id}/comments`, { text: 'r1', parent_id: top.id });
      await rest.ok('POST', `/incidents/${id}/comments`, { text: 'r2', parent_id: reply.id });
      const task = org.createTask(id, { name: 't' });
      await rest.ok('POST', `/tasks/${task.id}/comments`, { text: 'on the task' });
      expect(await rest.ok('GET', `/incidents/${id}/comments`)).toMatchObject([
        { text: 'a &lt; b', children: [{ text: 'r1', children: [{ text: 'r2', children: [] }] }] },
      ]);
      const tasks = await rest.ok('GET', `/incidents/${id}/tasks?want_notes=true`);
      expect(tasks).toMatchObject([
        { notes: [{ type: 'task', text: 'on the task', task_id: task.id }], notes_count: 1 },
      ]);
      expect((await rest.send('GET', `/tasks/${task.id}/comments/${top.id}`)).status).toBe(404);
      expect((await rest.send('POST', `/incidents/${id}/comments`, { text: 'x', parent_id: 1 })).status).toBe(404);
      expect((await rest.send('POST', `/incidents/${id}/comments`, { text: '' })).status).toBe(400);
    });

    it.each(['blanked', 'removed'] as const)('deletes a note with replies: %s', async (deletedThread) => {
      simulator.behaviour = { ...likeliest, deletedThread };
      const top = org.addNote({ incidentId: id }, 'top');
      const reply = org.reply(top.id, 'reply');
      await rest.ok('DELETE', `/incidents/${id}/comments/${top.id}`);
      const left = await rest.ok('GET', `/incidents/${id}/comments`);
      if (deletedThread === 'removed') return expect(left).toEqual([]);
      expect(left).toMatchObject([{ is_deleted: true, text: '', children: [{ id: reply.id, is_deleted: false }] }]);
    });
  });

  describe('artifacts', () => {
    it('answers a list, splits values, and merges, refuses or allows equal ones', async () => {
      const post = (value: string) => rest.send('POST', `/incidents/${id}/artifacts`, { type: 'IP Address', value });
      const first = (await post('10.0.0.1, 10.0.0.2')).body;
      expect(first.map(({ value }: Json) => value)).toEqual(['10.0.0.1', '10.0.0.2']);
      expect((await post('10.0.0.1')).body).toMatchObject([{ id: first[0]?.['id'] }]);
      simulator.behaviour = { ...likeliest, duplicateArtifact: 'refused' };
      expect((await post('10.0.0.1')).status).toBe(400);
      simulator.behaviour = { ...likeliest, duplicateArtifact: 'allowed', csvArtifact: 'whole' };
      expect((await post('10.0.0.1, 10.0.0.2')).body).toHaveLength(1);
      expect(org.artifacts(id)).toHaveLength(3);
      simulator.behaviour = likeliest;
      await rest.ok('DELETE', `/incidents/${id}/artifacts/${first[1]?.['id']}`);
      expect((await post('10.0.0.2')).body[0]?.['id']).not.toBe(first[1]?.['id']);
    });

    it('takes a custom type by its programmatic name, not by its label', async () => {
      const post = (type: unknown) => rest.send('POST', `/incidents/${id}/artifacts`, { type, value: '1A1z' });
      expect((await post({ name: 'Wallet' })).status).toBe(400);
      const made = (await post('wallet_address')).body[0];
      expect(org.labels.label('artifact', 'type', Number(made?.['type']))).toBe('Wallet');
      simulator.behaviour = { ...likeliest, customArtifactTypeBy: 'anything' };
      expect((await post({ name: 'Wallet' })).status).toBe(200);
    });

    it('keeps type, value and parent; changes description, relating and ip', async () => {
      const [parent] = org.addArtifact(id, { type: 'String', value: 'parent' });
      const body = { type: 'URL', value: 'http://x', parent_id: parent?.id, description: 'd' };
      const [made] = await rest.ok('POST', `/incidents/${id}/artifacts`, body);
      const change = { type: 'String', value: 'other', description: 'new', relating: true, ip: { source: true } };
      expect(await rest.ok('PUT', `/incidents/${id}/artifacts/${made?.['id']}`, change)).toMatchObject({
        type: made?.['type'],
        value: 'http://x',
        parent_id: parent?.id,
        description: 'new',
        relating: true,
        ip: { source: true, destination: null },
      });
      const orphan = await rest.send('POST', `/incidents/${id}/artifacts`, { ...body, parent_id: 5, value: 'b' });
      expect(orphan.status).toBe(400);
    });

    it('stores a file artifact and streams it back', async () => {
      const form = upload({ name: 'grüße 1.log', content: 'bytes' }, { type: { name: 'Log File' }, description: 'd' });
      const made = await rest.ok('POST', `/incidents/${id}/artifacts/files`, form);
      expect(made).toMatchObject({
        value: 'grüße 1.log',
        attachment: { name: 'grüße 1.log', size: 5 },
        description: 'd',
      });
      const content = await rest.send('GET', `/incidents/${id}/artifacts/${made.id}/contents`);
      expect([content.text, content.headers.get('content-length')]).toEqual(['bytes', '5']);
      expect(org.dump().incidents.at(-1)?.artifacts[0]?.file).toMatchObject({
        size: 5,
        sha256: '277089d91c0bdf4f2e6862ba7e4a07605119431f5d13f726dd352b06f1b206a9',
      });
      expect(
        (
          await rest.send(
            'POST',
            `/incidents/${id}/artifacts/files`,
            upload({ name: 'a', content: '' }, { type: 'URL' }),
          )
        ).status,
      ).toBe(400);
    });
  });

  describe('attachments', () => {
    it('keeps those of incident and tasks apart and answers both to one query', async () => {
      const task = org.createTask(id, { name: 't' });
      const own = await rest.ok('POST', `/incidents/${id}/attachments`, upload({ name: 'a.txt', content: 'A' }));
      const below = await rest.ok('POST', `/tasks/${task.id}/attachments`, upload({ name: 'a.txt', content: 'BB' }));
      expect(own).toMatchObject({ type: 'incident', task_id: null, size: 1, content_type: 'text/plain' });
      expect(below).toMatchObject({ type: 'task', task_id: task.id, task_name: 't', inc_id: id });
      expect(await rest.ok('GET', `/incidents/${id}/attachments`)).toHaveLength(1);
      const query = (tasks: boolean) =>
        rest.ok('POST', `/incidents/${id}/attachments/query?include_tasks=${tasks}`, null);
      expect((await query(true))['attachments']).toHaveLength(2);
      expect((await query(false))['attachments']).toHaveLength(1);
      expect((await rest.send('GET', `/tasks/${task.id}/attachments/${below.id}/contents`)).text).toBe('BB');
      await rest.ok('DELETE', `/tasks/${task.id}/attachments/${below.id}`);
      expect((await rest.send('GET', `/tasks/${task.id}/attachments/${below.id}`)).status).toBe(404);
    });

    it('refuses a file above the limit and keeps nothing of it', async () => {
      simulator.behaviour = { ...likeliest, maxAttachmentMb: 1 };
      const big = upload({ name: 'big', content: 'x'.repeat(1024 * 1024 + 1) });
      expect((await rest.send('POST', `/incidents/${id}/attachments`, big)).status).toBe(413);
      expect(org.attachments({ incidentId: id })).toEqual([]);
    });
  });

  it('lists milestones, and one by id only by the switch', async () => {
    const made = await rest.ok('POST', `/incidents/${id}/milestones`, { title: 'm', date: 5, description: 'd' });
    expect(await rest.ok('GET', `/incidents/${id}/milestones`)).toMatchObject([{ title: 'm', date: 5, inc_id: id }]);
    expect((await rest.send('GET', `/incidents/${id}/milestones/${made.id}`)).status).toBe(404);
    simulator.behaviour = { ...likeliest, milestoneById: 'found' };
    expect((await rest.send('GET', `/incidents/${id}/milestones/${made.id}`)).status).toBe(200);
    await rest.ok('PUT', `/incidents/${id}/milestones/${made.id}`, { title: 'm2', date: 6 });
    expect(org.milestones(id)).toMatchObject([{ title: 'm2', date: 6 }]);
    expect((await rest.send('POST', `/incidents/${id}/milestones`, { title: 'm' })).status).toBe(400);
  });

  describe('table rows', () => {
    const row = (path = '') => `/incidents/${id}/table_data/hosts/row_data${path}`;

    it('writes cells by column name and reads them by column id, empty ones without a value', async () => {
      const made = await rest.ok('POST', row(), { cells: { host: { value: 'srv1' }, state: { value: 'infected' } } });
      const column = (name: string) => String(org.labels.field('hosts', name)?.id);
      expect(made).toMatchObject({ version: 1, table_name: 'hosts' });
      expect(made['cells'][column('host')]).toEqual({ id: column('host'), row_id: made.id, value: 'srv1' });
      expect(made['cells'][column('notes')]).toEqual({ id: column('notes'), row_id: made.id });
      const named = await rest.ok('GET', `/incidents/${id}/table_data/hosts?handle_format=names`);
      expect(named['rows'][0]?.['cells']['state']).toMatchObject({ id: 'state', value: 'infected' });
      const type = String(made['type_id']);
      expect(Object.keys(await rest.ok('GET', `/incidents/${id}/table_data`))).toEqual([type]);
      simulator.behaviour = { ...likeliest, tableDataKeys: 'name' };
      expect(Object.keys(await rest.ok('GET', `/incidents/${id}/table_data`))).toEqual(['hosts']);
      expect((await rest.send('POST', row(), { cells: { nope: { value: 1 } } })).status).toBe(400);
      expect((await rest.send('POST', row(), { cells: {} })).body['message']).toBe('Field host is required.');
    });

    it('checks versions, and keeps or clears cells that were not sent', async () => {
      const { id: made } = org.addRow(id, 'hosts', { host: 'a', notes: 'n' });
      const put = (version: number) => rest.send('PUT', row(`/${made}`), { version, cells: { host: { value: 'b' } } });
      expect((await put(1)).status).toBe(200);
      expect((await put(1)).status).toBe(409);
      const notes = String(org.labels.field('hosts', 'notes')?.id);
      expect(org.row(made).cells[notes]?.value).toBe('n');
      simulator.behaviour = { ...likeliest, staleRowVersion: 'ignored', cellsNotSent: 'cleared' };
      expect((await put(1)).status).toBe(200);
      expect(org.row(made)).toMatchObject({
        version: 3,
        cells: { [notes]: expect.not.objectContaining({ value: 'n' }) },
      });
      await rest.ok('DELETE', row(`/${made}`));
      expect(org.rows(id)).toEqual([]);
    });
  });

  describe('search_ex', () => {
    const search = (query: string, types: string[]) =>
      rest.send('POST', '/rest/search_ex', { org_id: 201, query, types });

    it('finds children of an id range, handles as objects and rich text in full', async () => {
      const note = org.addNote({ incidentId: id }, '<b>x</b>', { actor: 'bob@example.com' });
      org.addRow(id, 'hosts', { host: 'h', state: 'clean' });
      const { body } = await search(`inc_id:[${id} TO ${id}]`, ['note', 'datatable']);
      const user = { id: note.user_id, name: 'bob@example.com' };
      expect(body['results']).toMatchObject([
        {
          type_id: 'note',
          obj_id: note.id,
          inc_id: id,
          result: { text: { format: 'html', content: '<b>x</b>' }, user_id: user },
        },
        { type_id: 'datatable', obj_name: 'Affected hosts' },
      ]);
      const cells = Object.values(body['results'][1]?.['result']['cells'] ?? {}) as { value?: unknown }[];
      expect(cells).toContainEqual(expect.objectContaining({ value: { id: expect.any(Number), name: 'clean' } }));
    });

    it('refuses reversed ranges and special characters, cuts at its cap', async () => {
      expect((await search('inc_id:[9 TO 5]', ['note'])).body['message']).toContain('invalid characters');
      expect((await search('inc_id:[1 TO 2', ['note'])).status).toBe(400);
      for (const text of ['a', 'b', 'c']) org.addNote({ incidentId: id }, text);
      simulator.behaviour = { ...likeliest, searchResultCap: 2 };
      expect((await search(`inc_id:${id}`, ['note'])).body['results']).toHaveLength(2);
    });

    it('lags behind: new is invisible, changed is old, deleted is still there', async () => {
      const found = async () =>
        (await search(`inc_id:${id}`, ['note'])).body['results'].map(({ result }: Json) => result['text']['content']);
      const kept = org.addNote({ incidentId: id }, 'kept');
      simulator.behaviour = { ...likeliest, searchLagMs: 60_000 };
      const fresh = org.addNote({ incidentId: id }, 'fresh');
      expect(await found()).toEqual(['kept']);
      simulator.behaviour = { ...likeliest, searchLagMs: 0.001 };
      await until(async () => (await found()).includes('fresh'));
      simulator.behaviour = { ...likeliest, searchLagMs: 60_000 };
      org.editNote(fresh.id, 'edited');
      org.deleteNote(fresh.id);
      expect(await found()).toEqual(['kept', 'fresh']);
      expect(org.note(kept.id).text).toBe('kept');
    });
  });

  it('lists the schema with the org’s own ids, cached until it changes', async () => {
    const types = await rest.ok('GET', '/types');
    expect(types['incident']['fields']['severity_code']['values'].map(({ label }: Json) => label)).toEqual([
      'Low',
      'Medium',
      'High',
    ]);
    expect(types['incident']['fields']['risk']).toMatchObject({ prefix: 'properties', internal: false });
    expect(types['incident']['fields']['risk']['values']).toMatchObject([
      { enabled: true },
      { enabled: true },
      { label: 'old', enabled: false },
    ]);
    expect(types['hosts']).toMatchObject({ type_id: 8, display_name: 'Affected hosts', parent_types: ['incident'] });
    const fields = await rest.ok('GET', `/types/${types['hosts'].id}/fields`);
    expect(fields.map(({ name }: Json) => name)).toEqual(['host', 'state', 'notes']);
    expect(fields[0]).toMatchObject({ required: 'always' });
    expect((await rest.send('GET', '/types/nope')).status).toBe(404);
    const owners = types['incident']['fields']['owner_id']['values'].map(({ label }: Json) => label);
    expect(owners).toEqual(['Ada Admin (ada@example.com)', 'Bob Builder (bob@example.com)', 'SOC', 'key-201']);
    const users = await rest.ok('POST', '/users/query_paged?return_level=partial', { start: 1, length: 1 });
    expect(users).toMatchObject({ recordsTotal: 2, data: [{ email: 'bob@example.com' }] });
  });
});
