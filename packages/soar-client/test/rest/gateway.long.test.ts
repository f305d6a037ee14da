import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startSimulator } from '@soar-feed/soar-simulator';
import type { Simulator } from '@soar-feed/soar-simulator';
import { SoarClient } from '../../src/index.js';
import type { FileContent, SoarConnection } from '../../src/index.js';
import { failureFrom } from '../support/failureFrom.js';
import { Gateway } from '../support/Gateway.js';
import type { Said } from '../support/Gateway.js';

/** A gateway's answer is not the platform's: it says nothing about an object, only that the platform is away. */

let simulator: Simulator;
let gateway: Gateway;
/** Through the gateway, and past it. */
let client: SoarClient;
let direct: SoarClient;

beforeAll(async () => {
  simulator = await startSimulator({
    orgs: [
      {
        id: 201,
        name: 'Source',
        incidentDeletionAllowed: true,
        schema: { tables: [{ name: 'hosts', label: 'Hosts', columns: [{ name: 'host', inputType: 'text' }] }] },
      },
    ],
  });
  gateway = await Gateway.start(simulator.restPort);
  const { host, restPort: port, caFile: cafile } = simulator;
  const login: SoarConnection = {
    host,
    apiKeyId: 'key-201',
    apiKeySecret: 'secret-201',
    retries: { max: 1, delayMs: 1, backoff: 1 },
  };
  direct = await SoarClient.connect({ ...login, port, cafile });
  client = await SoarClient.connect({ ...login, port: gateway.port, cafile: gateway.cafile });
});
afterAll(async () => {
  await client.close();
  await direct.close();
  await gateway.stop();
  await simulator.stop();
});

interface Ids {
  readonly incident: number;
  readonly task: number;
  readonly note: number;
  readonly artifact: number;
  readonly attachment: number;
  readonly milestone: number;
  readonly row: number;
}

let ids: Ids;

beforeEach(async () => {
  const incident = (await direct.incidents.create({ name: 'x', discovered_date: 1 })).id;
  const parent = { incidentId: incident };
  const [task, note, artifacts, attachment, milestone, row] = await Promise.all([
    direct.tasks.create(incident, { name: 'task' }),
    direct.notes.create(parent, { text: 'note' }),
    direct.artifacts.create(incident, { type: 'String', value: 'one' }),
    direct.attachments.create(parent, file('content')),
    direct.milestones.create(incident, { title: 'milestone', date: 1, description: '' }),
    direct.dataTables.createRow(incident, 'hosts', { host: { value: 'a' } }),
  ]);
  ids = {
    incident,
    task: task.id,
    note: note.id,
    artifact: artifacts[0]?.id ?? 0,
    attachment: attachment.id,
    milestone: milestone.id,
    row: row.id,
  };
});
afterEach(() => gateway.says(undefined));

const file = (text: string) => ({
  name: 'a.txt',
  size: text.length,
  open: () => Promise.resolve(Readable.from([Buffer.from(text)])),
});

const PAGE = '<!doctype html><title>Sorry</title>';
const ANSWERS: readonly (readonly [string, Omit<Said, 'when'>])[] = [
  ['404 "default backend"', { status: 404, type: 'text/plain', body: 'default backend - 404' }],
  ['404 in JSON', { status: 404, type: 'application/json', body: '{"status":404,"message":"no healthy upstream"}' }],
  ['404 in a problem', { status: 404, type: 'application/problem+json', body: '{"title":"Not Found","status":404}' }],
  ['404 without a word', { status: 404 }],
  ['400', { status: 400, body: PAGE }],
  ['401', { status: 401, body: PAGE }],
  ['403', { status: 403, body: PAGE }],
  ['405', { status: 405, body: PAGE }],
  ['409', { status: 409, body: PAGE }],
  ['410', { status: 410, body: PAGE }],
  ['429', { status: 429, body: PAGE }],
  ['302', { status: 302, body: PAGE }],
  ['500', { status: 500, body: PAGE }],
  ['502', { status: 502, body: PAGE }],
  ['503 in JSON', { status: 503, type: 'application/json', body: '{"success":false,"errors":[{"code":1}]}' }],
  ['200 with a page', { status: 200, body: PAGE }],
  ['200 with JSON', { status: 200, type: 'application/json', body: '{"status":"maintenance"}' }],
];

const reads: readonly (readonly [string, (id: Ids) => Promise<unknown>])[] = [
  ['an incident', (id) => client.incidents.get(id.incident)],
  ['a page of incidents', () => client.incidents.pages()[Symbol.asyncIterator]().next()],
  ['a task', (id) => client.tasks.get(id.task)],
  ['tasks', (id) => client.tasks.list(id.incident)],
  ['a note', (id) => client.notes.get({ incidentId: id.incident }, id.note)],
  ['notes', (id) => client.notes.list({ incidentId: id.incident })],
  ['an artifact', (id) => client.artifacts.get(id.incident, id.artifact)],
  ['artifacts', (id) => client.artifacts.list(id.incident)],
  ['an attachment', (id) => client.attachments.get({ incidentId: id.incident }, id.attachment)],
  ['attachments', (id) => client.attachments.listWithTasks(id.incident)],
  ['contents', async (id) => (await contentsOf(id)).stream.toArray()],
  ['milestones', (id) => client.milestones.list(id.incident)],
  ['a table', (id) => client.dataTables.get(id.incident, 'hosts')],
  ['tables', (id) => client.dataTables.list(id.incident)],
  ['a search', (id) => client.search.children({ minIncidentId: id.incident, maxIncidentId: id.incident, types: [] })],
  ['types', () => client.types.all()],
  ['groups', () => client.groups.all()],
  ['users', () => client.users.all()],
  ['a login', () => SoarClient.connect(connectionThroughGateway())],
];

function contentsOf(id: Ids): Promise<FileContent> {
  return client.attachments.content({ incidentId: id.incident }, id.attachment, { size: 7 });
}

const changes: readonly (readonly [string, (id: Ids) => Promise<unknown>])[] = [
  ['a patch of an incident', (id) => client.incidents.patch(id.incident, [])],
  ['a put of an incident', (id) => client.incidents.put(id.incident, { name: 'y', discovered_date: 1, vers: 1 })],
  ['a put of a task', (id) => client.tasks.update(id.task, () => ({ name: 'y' }))],
  ['a put of a note', (id) => client.notes.update({ incidentId: id.incident }, id.note, { text: 'y' })],
  ['a put of a row', (id) => client.dataTables.updateRow(id.incident, 'hosts', id.row, {}, undefined)],
  ['a delete of an incident', (id) => client.incidents.delete(id.incident)],
  ['a delete of a task', (id) => client.tasks.delete(id.task)],
  ['a delete of a note', (id) => client.notes.delete({ incidentId: id.incident }, id.note)],
  ['a delete of an artifact', (id) => client.artifacts.delete(id.incident, id.artifact)],
  ['a delete of an attachment', (id) => client.attachments.delete({ incidentId: id.incident }, id.attachment)],
  ['a delete of a milestone', (id) => client.milestones.delete(id.incident, id.milestone)],
  ['a delete of a row', (id) => client.dataTables.deleteRow(id.incident, 'hosts', id.row)],
];

const creates: readonly (readonly [string, (id: Ids) => Promise<unknown>, (id: Ids) => Promise<number>])[] = [
  ['an incident', () => client.incidents.create({ name: 'new', discovered_date: 1 }), () => incidentsNamed('new')],
  [
    'a task',
    (id) => client.tasks.create(id.incident, { name: 'new' }),
    async (id) => (await direct.tasks.list(id.incident)).length - 1,
  ],
  [
    'a note',
    (id) => client.notes.create({ incidentId: id.incident }, { text: 'new' }),
    async (id) => (await direct.notes.list({ incidentId: id.incident })).length - 1,
  ],
  [
    'an artifact',
    (id) => client.artifacts.create(id.incident, { type: 'String', value: 'new' }),
    async (id) => (await direct.artifacts.list(id.incident)).length - 1,
  ],
  [
    'an attachment',
    (id) => client.attachments.create({ incidentId: id.incident }, file('new')),
    async (id) => (await direct.attachments.list({ incidentId: id.incident })).length - 1,
  ],
  [
    'a milestone',
    (id) => client.milestones.create(id.incident, { title: 'new', date: 1, description: '' }),
    async (id) => (await direct.milestones.list(id.incident)).length - 1,
  ],
  [
    'a row',
    (id) => client.dataTables.createRow(id.incident, 'hosts', { host: { value: 'new' } }),
    async (id) => (await direct.dataTables.get(id.incident, 'hosts')).rows.length - 1,
  ],
];

function connectionThroughGateway(): SoarConnection {
  const { port, cafile } = gateway;
  const retries = { max: 0, delayMs: 1, backoff: 1 };
  return { host: '127.0.0.1', port, cafile, apiKeyId: 'key-201', apiKeySecret: 'secret-201', retries };
}

async function incidentsNamed(name: string): Promise<number> {
  let found = 0;
  const conditions = [{ field_name: 'name', method: 'equals' as const, value: name }];
  for await (const page of direct.incidents.pages({ minId: ids.incident, conditions })) found += page.length;
  return found;
}

const AWAY = { code: 'not-the-platform', unavailable: true, retryable: true };

describe.each(ANSWERS)('a gateway’s %s', (_, answer) => {
  it('to a read says that the platform is away, and nothing else', async () => {
    gateway.says({ ...answer, when: 'before' });
    for (const [what, read] of reads) {
      const error = await failureFrom(read(ids));
      expect({ what, ...error }).toMatchObject({ what, ...AWAY, outcomeUnknown: false });
      expect(error.status).toBeUndefined();
      expect(error.details['httpStatus']).toBe(answer.status);
    }
  });

  it.each(['before', 'after'] as const)('to a change, %s it was passed on, too', async (when) => {
    for (const [what, change] of changes) {
      gateway.says({ ...answer, when });
      const error = await failureFrom(change(ids));
      // A call that reads first, such as an update, fails at the read.
      const outcomeUnknown = what !== 'a put of a task';
      expect({ what, ...error }).toMatchObject({ what, ...AWAY, outcomeUnknown });
      expect(error.status).toBeUndefined();
    }
  });

  it.each([
    ['before', 0],
    ['after', 1],
  ] as const)('to a create, %s it was passed on, leaves its outcome unknown; it is sent once', async (when, made) => {
    for (const [what, create, count] of creates) {
      gateway.says({ ...answer, when });
      const error = await failureFrom(create(ids));
      expect({ what, ...error, struck: gateway.struck }).toMatchObject({
        what,
        ...AWAY,
        outcomeUnknown: true,
        struck: 1,
      });
      expect(error.status).toBeUndefined();
      expect({ what, made: await count(ids) }).toEqual({ what, made });
    }
  });
});

describe('nothing with a good status', () => {
  it('is an answer only to a delete', async () => {
    gateway.says({ status: 204, when: 'before' });
    for (const [what, read] of reads)
      expect({ what, ...(await failureFrom(read(ids))) }).toMatchObject({ what, ...AWAY });
    for (const [what, create] of creates) {
      expect({ what, ...(await failureFrom(create(ids))) }).toMatchObject({ what, ...AWAY, outcomeUnknown: true });
    }
  });
});

describe('a gateway’s 413', () => {
  it('is about this one body: no outage, and no proof that nothing was done', async () => {
    gateway.says({ status: 413, body: PAGE, when: 'before' });
    const error = await failureFrom(client.attachments.create({ incidentId: ids.incident }, file('new')));
    expect(error).toMatchObject({ code: 'too-large', unavailable: false, retryable: false, outcomeUnknown: true });
    expect(error.status).toBeUndefined();
  });

  it('to a small body is an outage: no gateway refuses so little', async () => {
    gateway.says({ status: 413, body: PAGE, when: 'before' });
    for (const [what, read] of reads)
      expect({ what, ...(await failureFrom(read(ids))) }).toMatchObject({ what, ...AWAY });
    const small = await failureFrom(client.notes.create({ incidentId: ids.incident }, { text: 'short' }));
    expect(small).toMatchObject({ ...AWAY, outcomeUnknown: true });
    const long = await failureFrom(client.notes.create({ incidentId: ids.incident }, { text: 'x'.repeat(40_000) }));
    expect(long).toMatchObject({ code: 'too-large', unavailable: false, outcomeUnknown: true });
  });
});

describe('the platform’s own', () => {
  it('404 means gone, through the gateway too', async () => {
    await direct.incidents.delete(ids.incident);
    expect(await failureFrom(client.incidents.get(ids.incident))).toMatchObject({
      status: 404,
      code: 'not-found',
      unavailable: false,
    });
  });

  it('patch status of a refusal stays an answer', async () => {
    await direct.incidents.update(ids.incident, (current) => ({ ...current, name: 'theirs' }));
    const change = { field: 'name', old_value: { text: 'x' }, new_value: { text: 'ours' } };
    expect(await client.incidents.patch(ids.incident, [change], 1)).toMatchObject({ success: false });
  });
});
