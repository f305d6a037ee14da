import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SoarClient } from '../../src/index.js';
import type { IncidentQuery } from '../../src/index.js';
import { failureFrom } from '../support/failureFrom.js';
import { fail, ScriptedServer } from '../support/ScriptedServer.js';
import type { Call } from '../support/ScriptedServer.js';

let server: ScriptedServer;
let client: SoarClient;
const ORG_PATH = '/rest/orgs/201';

beforeAll(async () => {
  server = await ScriptedServer.start();
});
afterAll(() => server.stop());
beforeEach(async () => {
  server.reset();
  client = await SoarClient.connect(server.connection());
});
afterEach(() => client.close());

/** Calls after the login. */
const calls = () =>
  server.calls.slice(2).map(({ method, path, query }) => `${method} ${path}${query.size ? `?${query}` : ''}`);

interface PagedBody {
  readonly start: number;
  readonly length: number;
  readonly sorts: unknown;
  readonly filters: readonly { conditions: readonly { field_name: string; method: string; value: number }[] }[];
}

describe('incidents.pages', () => {
  const PAGED = `POST ${ORG_PATH}/incidents/query_paged`;
  let stored: { id: number; name: string }[];
  let largest: number;

  beforeEach(() => {
    stored = Array.from({ length: 25 }, (_, i) => ({ id: 2001 + i * 2, name: `incident ${i}` }));
    largest = 1000;
    server.on(PAGED, (call) => {
      const { length, filters, start } = call.body as PagedBody;
      if (length > largest) return fail(call, 400, 'page too large');
      const holds = ({ id }: { id: number }) =>
        (filters[0]?.conditions ?? []).every(({ field_name, method, value }) => {
          if (field_name !== 'id') return true;
          return method === 'gt' ? id > value : method === 'gte' ? id >= value : id <= value;
        });
      const data = stored.filter(holds);
      return { recordsTotal: stored.length, recordsFiltered: data.length, data: data.slice(start, start + length) };
    });
  });

  const idsOf = async (query: IncidentQuery) => {
    const ids: number[] = [];
    for await (const page of client.incidents.pages(query)) ids.push(...page.map(({ id }) => id));
    return ids;
  };

  it('walks to the end by id, whatever the page size', async () => {
    for (const pageSize of [1, 7, 25, 26, 500]) {
      expect(await idsOf({ pageSize })).toEqual(stored.map(({ id }) => id));
    }
    const first = server.hits(PAGED)[0];
    expect(first?.query.get('return_level')).toBe('full');
    expect(first?.body).toMatchObject({ start: 0, length: 1, sorts: [{ field_name: 'id', type: 'asc' }], filters: [] });
  });

  it('keeps to its bounds and conditions', async () => {
    const condition = { field_name: 'plan_status', method: 'equals', value: 'A' } as const;
    expect(await idsOf({ minId: 2005, maxId: 2011, pageSize: 2, conditions: [condition] })).toEqual([
      2005, 2007, 2009, 2011,
    ]);
    const bodies = server.hits(PAGED).map((call) => (call.body as PagedBody).filters[0]?.conditions);
    expect(bodies).toHaveLength(2);
    for (const conditions of bodies) expect(conditions).toContainEqual(condition);
  });

  it('tells once how many the server counts', async () => {
    const counts: number[] = [];
    const ids = await idsOf({ minId: 2005, pageSize: 2, onCount: (count) => counts.push(count) });
    expect(ids.length).toBeGreaterThan(2);
    expect(counts).toEqual([ids.length]);
    server.on(PAGED, () => ({ data: [] }));
    await idsOf({ onCount: (count) => counts.push(count) });
    expect(counts).toHaveLength(1);
  });

  it('neither skips nor repeats when incidents come and go during the walk', async () => {
    const seen: number[] = [];
    for await (const page of client.incidents.pages({ pageSize: 5 })) {
      seen.push(...page.map(({ id }) => id));
      stored = stored
        .filter(({ id }) => id !== seen[0])
        .concat(seen.length < 12 ? [{ id: 9000 + seen.length, name: 'new' }] : []);
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(stored.map(({ id }) => id)));
  });

  it('halves the page as often as the server refuses it, and then stays small', async () => {
    largest = 3;
    expect(await idsOf({ pageSize: 25 })).toHaveLength(25);
    const lengths = server.hits(PAGED).map((call) => (call.body as PagedBody).length);
    expect(lengths.slice(0, 5)).toEqual([25, 12, 6, 3, 3]);
    expect(Math.max(...lengths.slice(3))).toBe(3);
  });

  it('gives up on a 400 that no page size mends, and on a server that does not sort', async () => {
    server.on(PAGED, (call) => fail(call, 400, 'unknown field'));
    expect((await failureFrom(idsOf({ pageSize: 4 }))).message).toContain('unknown field');
    expect(server.hits(PAGED)).toHaveLength(3);
    server.on(PAGED, () => ({ data: [{ id: 3 }, { id: 1 }] }));
    expect(await failureFrom(idsOf({}))).toMatchObject({ code: 'paging-out-of-order' });
    server.on(PAGED, () => ({ data: [{ id: 3 }] }));
    expect(await failureFrom(idsOf({}))).toMatchObject({ code: 'paging-out-of-order' });
  });
});

describe('incidents.update', () => {
  const PATH = `${ORG_PATH}/incidents/5`;
  let stored: { id: number; name: string; vers: number };
  /** Somebody else's edits that still get in between. */
  let foreignEdits: number;

  beforeEach(() => {
    stored = { id: 5, name: 'a', vers: 1 };
    foreignEdits = 0;
    server.on(`GET ${PATH}`, () => stored);
    server.on(`PUT ${PATH}`, (call) => {
      if (foreignEdits-- > 0) stored = { ...stored, name: `${stored.name}+`, vers: stored.vers + 1 };
      const body = call.body as typeof stored;
      if (body.vers !== stored.vers) return fail(call, 409, 'conflict');
      stored = { ...body, vers: stored.vers + 1 };
      return stored;
    });
  });
  const rename = () => client.incidents.update(5, (current) => ({ ...current, name: `${current.name}!`, vers: 99 }));

  it('puts with the version just read, again after a conflict, on top of what is new', async () => {
    foreignEdits = 2;
    expect(await rename()).toMatchObject({ name: 'a++!', vers: 4 });
  });

  it('ends after five conflicts', async () => {
    foreignEdits = Infinity;
    expect(await failureFrom(rename())).toMatchObject({ code: 'conflict', status: 409, retryable: true });
    expect(server.hits(`PUT ${PATH}`)).toHaveLength(5);
  });

  it('writes nothing when there is nothing to change', async () => {
    expect(await client.incidents.update(5, () => undefined)).toMatchObject({ name: 'a' });
    expect(server.hits(`PUT ${PATH}`)).toHaveLength(0);
  });
});

describe('patch', () => {
  const change = { field: 'severity_code', old_value: { id: 4 }, new_value: { id: 6 } } as const;

  it('is sent again unchanged after 409, and gives back which fields failed', async () => {
    const failed = {
      success: false,
      message: 'conflicting edit',
      field_failures: [{ field: 'name', actual_current_value: 'b' }],
    };
    server.on(
      `PATCH ${ORG_PATH}/incidents/5`,
      (call) => fail(call, 409, 'deadlock'),
      () => failed,
    );
    expect(await client.incidents.patch(5, [change], 3)).toEqual(failed);
    const [first, second] = server.hits(`PATCH ${ORG_PATH}/incidents/5`);
    expect(first?.body).toEqual({ version: 3, changes: [change] });
    expect(second?.body).toEqual(first?.body);
    expect(first?.headers['handle_format']).toBeUndefined();
  });

  it('asks for names where labels are sent', async () => {
    server.on(`PATCH ${ORG_PATH}/incidents/5`, () => ({ success: true }));
    await client.incidents.patch(5, [{ field: 'x', old_value: { object: null }, new_value: { object: 'High' } }]);
    expect(server.calls.at(-1)?.headers['handle_format']).toBe('names');
    expect(server.calls.at(-1)?.body).not.toHaveProperty('version');
  });

  it('of a task says so where the server has none', async () => {
    server.on(`PATCH ${ORG_PATH}/tasks/9`, (call) => fail(call, 405, 'Method Not Allowed'));
    expect(await failureFrom(client.tasks.patch(9, [change]))).toMatchObject({
      status: 405,
      code: 'method-not-allowed',
    });
  });
});

describe('endpoints', () => {
  const echo = (call: Call) => ({ id: 1, body: call.body ?? null });

  it('of incidents and tasks', async () => {
    for (const route of [
      `POST ${ORG_PATH}/incidents`,
      `POST ${ORG_PATH}/incidents/5/tasks`,
      `PUT ${ORG_PATH}/tasks/9`,
      `GET ${ORG_PATH}/tasks/9`,
    ]) {
      server.on(route, echo);
    }
    server.on(`GET ${ORG_PATH}/incidents/5/tasks`, () => [{ id: 9, name: 't' }]);
    server.on(`DELETE ${ORG_PATH}/tasks/9`, () => ({ success: true }));
    await client.incidents.create({ name: 'x' }, { wantTasks: true });
    expect(await client.tasks.list(5, { wantNotes: true })).toEqual([{ id: 9, name: 't' }]);
    await client.tasks.create(5, { name: 't' });
    await client.tasks.update(9, (task) => ({ name: `${task.id}` }));
    await client.tasks.delete(9);
    expect(calls()).toEqual([
      `POST ${ORG_PATH}/incidents?want_full_data=true&want_tasks=true`,
      `GET ${ORG_PATH}/incidents/5/tasks?want_notes=true`,
      `POST ${ORG_PATH}/incidents/5/tasks`,
      `GET ${ORG_PATH}/tasks/9`,
      `PUT ${ORG_PATH}/tasks/9`,
      `DELETE ${ORG_PATH}/tasks/9`,
    ]);
    expect(server.hits(`PUT ${ORG_PATH}/tasks/9`)[0]?.body).toEqual({ name: '1' });
  });

  it('of notes and attachments follow their parent', async () => {
    server.on(`POST ${ORG_PATH}/tasks/9/comments`, echo);
    server.on(`PUT ${ORG_PATH}/incidents/5/comments/3`, echo);
    server.on(`GET ${ORG_PATH}/incidents/5/comments`, () => []);
    server.on(`DELETE ${ORG_PATH}/tasks/9/attachments/4`, () => ({ success: true }));
    server.on(
      `POST ${ORG_PATH}/incidents/5/attachments/query`,
      () => ({ attachments: null }),
      () => ({ attachments: [{ id: 1, name: 'a' }] }),
    );
    await client.notes.create({ taskId: 9 }, { text: 'x', parent_id: 2 });
    await client.notes.update({ incidentId: 5 }, 3, { text: 'y' });
    await client.notes.list({ incidentId: 5 });
    await client.attachments.delete({ taskId: 9 }, 4);
    expect(await client.attachments.listWithTasks(5)).toEqual([]);
    expect(await client.attachments.listWithTasks(5)).toEqual([{ id: 1, name: 'a' }]);
    expect(calls().slice(0, 5)).toEqual([
      `POST ${ORG_PATH}/tasks/9/comments`,
      `PUT ${ORG_PATH}/incidents/5/comments/3`,
      `GET ${ORG_PATH}/incidents/5/comments`,
      `DELETE ${ORG_PATH}/tasks/9/attachments/4`,
      `POST ${ORG_PATH}/incidents/5/attachments/query?include_tasks=true`,
    ]);
    expect(server.calls.at(-1)?.body).toBeNull();
  });

  it('of artifacts: always a list, milestones, rows with their version', async () => {
    server.on(
      `POST ${ORG_PATH}/incidents/5/artifacts`,
      () => [{ id: 1 }, { id: 2 }],
      () => ({ id: 3 }),
    );
    server.on(`PUT ${ORG_PATH}/incidents/5/milestones/6`, echo);
    server.on(`POST ${ORG_PATH}/incidents/5/table_data/my%20table/row_data`, echo);
    server.on(`PUT ${ORG_PATH}/incidents/5/table_data/1001/row_data/7`, echo);
    expect(await client.artifacts.create(5, { value: 'a,b' })).toEqual([{ id: 1 }, { id: 2 }]);
    expect(await client.artifacts.create(5, { value: 'c' })).toEqual([{ id: 3 }]);
    await client.milestones.update(5, 6, { title: 't' });
    await client.dataTables.createRow(5, 'my table', { c: { value: 1 } });
    await client.dataTables.updateRow(5, 1001, 7, { c: { value: 2 } }, 4);
    expect(server.calls.at(-1)?.body).toEqual({ version: 4, cells: { c: { value: 2 } } });
    await client.dataTables.updateRow(5, 1001, 7, { c: { value: 2 } }, undefined);
    expect(server.calls.at(-1)?.body).toEqual({ cells: { c: { value: 2 } } });
  });

  it('of tables and lists: a map, a list or entities are all the same', async () => {
    const tables = { 'by name': { id: 1001, rows: [] }, 1002: { id: 1002, rows: [{ id: 1, cells: {} }] } };
    server.on(`GET ${ORG_PATH}/incidents/5/table_data`, () => tables);
    expect((await client.dataTables.list(5)).map(({ id }) => id).sort()).toEqual([1001, 1002]);
    const one = [{ id: 1, name: 'n' }];
    server.on(`GET ${ORG_PATH}/incident_types`, () => ({ 1: one[0] }));
    server.on(`GET ${ORG_PATH}/artifact_types`, () => ({ entities: one }));
    server.on(`GET ${ORG_PATH}/groups`, () => one);
    for (const path of ['phases', 'workspaces', 'message_destinations'])
      server.on(`GET ${ORG_PATH}/${path}`, () => ({ entities: one }));
    const { incidentTypes, artifactTypes, groups, phases, workspaces, messageDestinations } = client;
    for (const list of [incidentTypes, artifactTypes, groups, phases, workspaces, messageDestinations]) {
      expect(await list.all()).toEqual(one);
    }
    server.on(
      `GET ${ORG_PATH}/types/incident/fields`,
      () => [{ id: 1, name: 'f' }],
      () => ({ fields: [{ id: 1, name: 'f' }] }),
    );
    expect(await client.types.fields('incident')).toEqual([{ id: 1, name: 'f' }]);
    expect(await client.types.fields('incident')).toEqual([{ id: 1, name: 'f' }]);
  });

  it('search.children asks below /rest, not below the organization', async () => {
    server.on(
      'POST /rest/search_ex',
      () => ({ results: [{ type_id: 'note', result: { id: 1 } }] }),
      () => ({ results: null }),
    );
    expect(await client.search.children({ minIncidentId: 1, maxIncidentId: 50, types: ['note'] })).toHaveLength(1);
    expect(server.calls.at(-1)?.body).toEqual({ org_id: 201, query: 'inc_id:[1 TO 50]', types: ['note'] });
    expect(await client.search.children({ minIncidentId: 1, maxIncidentId: 1, types: [] })).toEqual([]);
  });
});

describe('users.all', () => {
  const PAGED = `POST ${ORG_PATH}/users/query_paged`;
  const people = Array.from({ length: 250 }, (_, i) => ({ id: i + 1, email: `u${i}@example.com` }));

  it('reads every page', async () => {
    server.on(PAGED, ({ body }) => {
      const { start, length } = body as PagedBody;
      return { recordsTotal: 250, data: people.slice(start, start + Math.min(length, 60)) };
    });
    expect(await client.users.all()).toEqual(people);
    expect(server.hits(PAGED)[0]?.query.get('return_level')).toBe('partial');
  });

  it('ends with a server that always gives the first page', async () => {
    server.on(PAGED, () => ({ data: people.slice(0, 5) }));
    expect(await client.users.all()).toHaveLength(5);
  });

  it.each([404, 405])('takes the unpaged list after %i', async (code) => {
    server.on(PAGED, (call) => fail(call, code, 'no'));
    server.on(`GET ${ORG_PATH}/users`, () => people);
    expect(await client.users.all()).toHaveLength(250);
  });
});
