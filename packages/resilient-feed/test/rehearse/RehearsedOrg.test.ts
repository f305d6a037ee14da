import { beforeEach, describe, expect, it } from '@jest/globals';
import type { PlannedRequest } from '@soar-feed/core';
import type { Answer, SoarRequest } from '@soar-feed/soar-client';
import { RehearsedOrg } from '../../src/rehearse/RehearsedOrg.js';

const ROOT = '/rest/orgs/202';

/** What the organization answers to GETs; everything else must not reach it. */
const standing: Record<string, unknown> = {
  '/incidents/5': { id: 5, name: 'Old', properties: { cost: 1, rank: 2 } },
  '/incidents/5/comments': [{ id: 7, text: 'a', children: [{ id: 8, text: 'b' }] }],
  '/incidents/5/tasks': [{ id: 31, name: 'Theirs', custom: false }],
  '/tasks/31': { id: 31, name: 'Theirs', custom: false },
  '/incidents/5/table_data/hosts': { rows: [{ id: 9, version: 4, cells: { '77': { value: 'alpha' } } }] },
};

describe('a rehearsed organization', () => {
  let recorded: PlannedRequest[];
  let org: RehearsedOrg;
  let sent: string[];
  beforeEach(() => {
    recorded = [];
    sent = [];
    org = new RehearsedOrg(
      (request) => recorded.push(request),
      (table, column) => (table === 'hosts' && column === 'host' ? 77 : undefined),
    );
  });

  const ask = async (
    method: SoarRequest['method'],
    path: string,
    more: Partial<SoarRequest> = {},
  ): Promise<{ readonly status: number; readonly body: unknown }> => {
    const effect = method === 'GET' ? 'read' : method === 'POST' ? 'create' : 'change';
    const request: SoarRequest = { method, path: `${ROOT}${path}`, effect, ...more };
    const answer = await org.intercept(request, (instead = request) => {
      if (instead.method !== 'GET') throw new Error(`${instead.method} was sent`);
      sent.push(instead.path);
      const found = standing[instead.path.slice(ROOT.length)];
      return Promise.resolve(found === undefined ? answerOf(404, {}) : answerOf(200, found));
    });
    return { status: answer.status, body: JSON.parse(answer.text) };
  };

  it('shows what it has made, in its own place and in its list, and asks nobody for it', async () => {
    const made = await ask('POST', '/incidents', { body: { name: 'New' } });
    const { id } = made.body as { id: number };
    const note = (await ask('POST', `/incidents/${id}/comments`, { body: { text: 'x', parent_id: null } })).body;
    const task = (await ask('POST', `/incidents/${id}/tasks`, { body: { name: 'Look' } })).body as { id: number };
    await ask('POST', `/tasks/${task.id}/comments`, { body: { text: 'y' } });
    expect((await ask('GET', `/incidents/${id}`)).body).toMatchObject({ name: 'New' });
    expect((await ask('GET', `/incidents/${id}/comments`)).body).toEqual([note]);
    expect((await ask('GET', `/tasks/${task.id}`)).body).toEqual(task);
    expect((await ask('GET', `/incidents/${id}/artifacts`)).body).toEqual([]);
    expect((await ask('GET', `/incidents/${id + 99}`)).status).toBe(404);
    expect(sent).toEqual([`${ROOT}/incidents/${id + 99}`]);
    expect(recorded.map(({ path, makes }) => [path, makes])).toEqual([
      [`${ROOT}/incidents`, '@1'],
      [`${ROOT}/incidents/@1/comments`, '@2'],
      [`${ROOT}/incidents/@1/tasks`, '@3'],
      [`${ROOT}/tasks/@3/comments`, '@4'],
    ]);
    expect(recorded[2]?.remark).toContain('makes this task by itself');
  });

  it('shows what travels inside the create of an incident, in the answer and in later reads', async () => {
    const text = { format: 'text', content: 'Created from' };
    const body = { name: 'New', comments: [{ text }], artifacts: [{ type: 3, value: 'x' }] };
    const made = (await ask('POST', '/incidents', { body })).body as { readonly id: number };
    const [note, artifact] = [
      { text, id: expect.any(Number) },
      { type: 3, value: 'x', id: expect.any(Number) },
    ];
    expect(made).toMatchObject({ comments: [note], artifacts: [artifact] });
    expect((await ask('GET', `/incidents/${made.id}/comments`)).body).toEqual([note]);
    expect((await ask('GET', `/incidents/${made.id}/artifacts`)).body).toEqual([artifact]);
    expect(recorded[0]?.fields).toEqual([
      { name: 'name', value: 'New' },
      { name: 'comments[1].text', value: text },
      { name: 'artifacts[1].type', value: 3 },
      { name: 'artifacts[1].value', value: 'x' },
    ]);
  });

  it('tells of a change what stands there, and shows it to later reads', async () => {
    const change = (name: string, value: object) => ({ field: name, old_value: { text: null }, new_value: value });
    const changes = [change('name', { text: 'New' }), change('cost', { number: 3 })];
    expect((await ask('PATCH', '/incidents/5', { body: { changes } })).body).toMatchObject({ success: true });
    expect(recorded[0]?.fields).toEqual([
      { name: 'name', value: 'New', before: 'Old' },
      { name: 'cost', value: 3, before: 1 },
    ]);
    expect((await ask('GET', '/incidents/5')).body).toEqual({ id: 5, name: 'New', properties: { cost: 3, rank: 2 } });
    await ask('PUT', '/incidents/5/comments/8', { body: { text: { format: 'html', content: 'c' } } });
    expect(recorded[1]?.fields).toEqual([{ name: 'text', value: { format: 'html', content: 'c' }, before: 'b' }]);
  });

  it('counts the version of a row, and leaves out cells that stay', async () => {
    const put = await ask('PUT', '/incidents/5/table_data/hosts/row_data/9', {
      body: { version: 4, cells: { host: { value: 'beta' } } },
    });
    expect(put.body).toMatchObject({ id: 9, version: 5 });
    expect(recorded[0]?.fields).toEqual([{ name: 'host', value: 'beta', before: 'alpha' }]);
    await ask('PUT', '/incidents/5/table_data/hosts/row_data/9', {
      body: { version: 5, cells: { host: { value: 'beta' } } },
    });
    expect(recorded[1]?.fields).toEqual([]);
  });

  it('deletes for later reads, and keeps a task that the platform made', async () => {
    await ask('DELETE', '/incidents/5/comments/7');
    expect((await ask('GET', '/incidents/5/comments')).body).toEqual([]);
    expect((await ask('GET', '/incidents/5/comments/7')).status).toBe(404);
    expect((await ask('DELETE', '/tasks/31')).status).toBe(400);
    expect((await ask('GET', '/incidents/5/tasks')).body).toHaveLength(1);
    await ask('DELETE', '/incidents/5');
    expect((await ask('GET', '/incidents/5/tasks')).status).toBe(404);
  });

  it('records a file with its parts, and does not open it', async () => {
    const open = (): Promise<never> => Promise.reject(new Error('opened'));
    const file = { name: 'bad.exe', contentType: 'application/x', size: 2, open };
    const artifact = { text: '{"type":12,"value":"x"}', contentType: 'application/json' };
    const { body } = await ask('POST', '/incidents/5/artifacts/files', { upload: { file, fields: { artifact } } });
    expect(body).toMatchObject({ type: 12, value: 'x' });
    expect(recorded[0]).toMatchObject({
      body: { artifact: { type: 12, value: 'x' } },
      file: { name: 'bad.exe', contentType: 'application/x', size: 2 },
      fields: [
        { name: 'type', value: 12 },
        { name: 'value', value: 'x' },
      ],
    });
  });
});

function answerOf(status: number, body: unknown): Answer {
  return { status, headers: {}, cookies: [], text: JSON.stringify(body), discard: () => undefined };
}
