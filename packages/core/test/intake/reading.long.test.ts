import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { recordingLogger } from '@soar-feed/feed-testkit';
import { SoarClient } from '@soar-feed/soar-client';
import { demoOrgs, seedIncidents, startSimulator } from '@soar-feed/soar-simulator';
import type { DumpNote, SimOrg, Simulator } from '@soar-feed/soar-simulator';
import type { ReadObject, WantedTypes } from '../../src/source/incidents/incidentParts.js';
import { parentsFirst } from '../../src/source/incidents/incidentParts.js';
import { PartReader } from '../../src/intake/reload/PartReader.js';
import { openPatiently } from '../../src/source/patience/openIncidents.js';
import { searchIncidents } from '../../src/source/incidents/searchIncidents.js';
import { Watermark } from '../../src/intake/reload/Watermark.js';
import { systemClock } from '../../src/host/systemClock.js';
import { TypeCatalog } from '../../src/shape/TypeCatalog.js';

// A server with a thousand objects: slow on a busy machine.
jest.setTimeout(60_000);

let simulator: Simulator;
let org: SimOrg;
let client: SoarClient;
let catalog: TypeCatalog;

beforeAll(async () => {
  const { source } = demoOrgs();
  simulator = await startSimulator({ orgs: [source] });
  org = simulator.org(source.id);
  seedIncidents(org, { incidents: 8, seed: 3 });
  const { host, restPort: port, caFile: cafile } = simulator;
  client = await SoarClient.connect({
    host,
    port,
    cafile,
    org: source.name,
    apiKeyId: 'key-201',
    apiKeySecret: 'secret-201',
  });
  catalog = new TypeCatalog(async () => Object.values(await client.types.all()), systemClock);
});

afterAll(async () => {
  await client?.close();
  await simulator?.stop();
});

const all = (): boolean => true;
const only =
  (...names: readonly string[]) =>
  (name: string): boolean =>
    names.includes(name);
const names = (objects: readonly ReadObject[] | undefined): readonly string[] =>
  (objects ?? []).map(({ schema, payload }) => `${schema.name} ${String(payload.id)}`);
async function readIncident(id: number, wants: WantedTypes): Promise<readonly ReadObject[]> {
  const log = recordingLogger();
  const { signal } = new AbortController();
  const asked = { client, catalog, log, clock: systemClock, source: { fetch: async () => undefined } };
  const source = openPatiently(asked)({ waits: 'nobody', signal });
  const parts = new PartReader({ source, catalog, log, signal });
  const { objects, faults } = await parts.read(id, [], wants);
  expect(faults).toEqual([]);
  return objects;
}
const searchNow = (ids = org.incidentIds(), wants: WantedTypes = all) => searchIncidents(client, catalog, ids, wants);

/** What the dump knows about an incident's objects, in the same words. */
function inDump(incidentId: number): readonly string[] {
  const incident = simulator.dump(org.id).incidents.find(({ id }) => id === incidentId);
  if (incident === undefined) throw new Error(`no incident ${incidentId}`);
  const { tasks, notes, artifacts, attachments, milestones, rows } = incident;
  const named = (type: string, objects: readonly { id: number }[]) => objects.map(({ id }) => `${type} ${id}`);
  return [
    ...named('task', tasks),
    ...[...notes, ...tasks.flatMap((task) => task.notes)].flatMap((note) => thread(note)).map((id) => `note ${id}`),
    ...named('artifact', artifacts),
    ...named('attachment', [...attachments, ...tasks.flatMap((task) => task.attachments)]),
    ...named('milestone', milestones),
    ...rows.map(({ id, table }) => `${table} ${id}`),
  ].sort();
}

function thread(note: DumpNote): readonly number[] {
  return [note.id, ...note.children.flatMap((reply) => thread(reply))];
}

describe('the two ways to read incidents', () => {
  it('find every object of an incident, parents first', async () => {
    const found = await searchNow();
    for (const id of org.incidentIds()) {
      const read = await readIncident(id, all);
      expect([...names(read)].sort()).toEqual(inDump(id));
      expect(names(found.get(id))).toEqual(names(read));
      const places = new Map(names(read).map((name, at) => [name, at]));
      for (const { schema, payload } of read) {
        const at = places.get(`${schema.name} ${String(payload.id)}`) as number;
        const parent =
          typeof payload.parent_id === 'number'
            ? `${schema.name} ${payload.parent_id}`
            : `task ${String(payload.task_id)}`;
        expect(places.get(parent) ?? -1).toBeLessThan(at);
      }
    }
  });

  it('give one form of an object, whichever of the two read it', async () => {
    const found = await searchNow();
    let compared = 0;
    for (const id of org.incidentIds()) {
      const read = await readIncident(id, all);
      for (const [at, { schema, payload }] of read.entries()) {
        const searched = found.get(id)?.[at]?.payload ?? {};
        for (const field of [...schema.fields.keys(), 'parent_id', 'task_id', 'inc_id', 'cells']) {
          // Neither the search index nor messages have these counts.
          if (field === 'notes_count' || field === 'attachments_count') continue;
          if (!(field in payload) || !(field in searched)) continue;
          const form = (value: unknown): unknown => (field === 'cells' ? cellValues(value) : (value ?? null));
          expect({ of: `${schema.name} ${at} ${field}`, value: form(searched[field]) }).toEqual({
            of: `${schema.name} ${at} ${field}`,
            value: form(payload[field]),
          });
          compared += 1;
        }
      }
    }
    expect(compared).toBeGreaterThan(500);
  });

  it('tell which replies a note has, as a deleted one stays above them', async () => {
    const { id } = org.createIncident({ name: 'Thread', discovered_date: 1 });
    const note = org.addNote({ incidentId: id }, 'a note');
    const reply = org.reply(note.id, 'a reply');
    const below = org.reply(reply.id, 'a reply to it');
    const read = await readIncident(id, only('note'));
    const outline = (noteId: number, ...children: object[]) => ({ id: noteId, is_deleted: false, children });
    expect(read.map(({ payload }) => payload)).toMatchObject([
      outline(note.id, outline(reply.id, outline(below.id))),
      outline(reply.id, outline(below.id)),
      outline(below.id),
    ]);
  });

  it('read only what is wanted', async () => {
    const [id = 0] = org.incidentIds();
    org.addRow(id, 'affected_hosts', { host: 'web-1' });
    const kinds = async (...types: readonly string[]) => {
      const read = await readIncident(id, only(...types));
      const searched = (await searchNow([id], only(...types))).get(id);
      expect(names(searched)).toEqual(names(read));
      return [...new Set(read.map(({ schema }) => schema.name))];
    };
    expect(await kinds('task')).toEqual(['task']);
    expect(await kinds('note')).toEqual(['note']);
    expect(await kinds('affected_hosts')).toEqual(['affected_hosts']);
    simulator.requests.reset();
    expect(await kinds()).toEqual([]);
    expect(simulator.requests.total).toBe(0);
  });

  it('do not believe a round number of results: the range is halved until nothing can be cut off', async () => {
    const ids = [0, 1, 2, 3].map(
      (at) => org.createIncident({ name: `Crowded ${at}`, discovered_date: 1_700_000_000_000 }).id,
    );
    for (const incidentId of ids)
      for (let at = 0; at < 220; at += 1) org.addMilestone(incidentId, { title: `M ${at}`, date: 1_700_000_000_000 });
    simulator.behaviour = { ...simulator.behaviour, searchResultCap: 500 };
    simulator.requests.reset();
    const found = await searchNow(ids, only('milestone'));
    expect(ids.map((id) => found.get(id)?.length)).toEqual([220, 220, 220, 220]);
    expect(simulator.requests.total).toBe(3);
    simulator.behaviour = { ...simulator.behaviour, searchResultCap: 10_000 };
  });
});

/** A row's values by column; the two answers use different names for what accompanies a value. */
function cellValues(cells: unknown): unknown {
  const entries = Object.entries((cells ?? {}) as Record<string, { readonly value?: unknown }>);
  return Object.fromEntries(entries.flatMap(([column, cell]) => (cell.value == null ? [] : [[column, cell.value]])));
}

describe('parentsFirst', () => {
  it('puts tasks before what hangs on them, and older before newer', async () => {
    const types = await Promise.all(
      ['attachment', 'note', 'task', 'affected_hosts', 'artifact'].map((name) => catalog.named(name)),
    );
    const objects = types.flatMap((schema) =>
      schema === undefined ? [] : [2, 1].map((id) => ({ schema, payload: { id } })),
    );
    expect(names(parentsFirst(objects))).toEqual(
      ['task', 'note', 'artifact', 'attachment', 'affected_hosts'].flatMap((name) => [`${name} 1`, `${name} 2`]),
    );
  });
});

describe('Watermark', () => {
  it('stands below the first incident that has not settled, whatever the order in which they end', () => {
    const mark = new Watermark();
    expect(mark.settledUpTo).toBeUndefined();
    for (const id of [10, 20, 30]) mark.begin(id);
    expect(mark.settledUpTo).toBe(9);
    mark.pass(20);
    expect(mark.settledUpTo).toBe(9);
    mark.pass(10);
    expect(mark.settledUpTo).toBe(29);
    mark.begin(40);
    mark.pass(30);
    expect(mark.settledUpTo).toBe(39);
    mark.pass(40);
    expect(mark.settledUpTo).toBe(40);
  });
});
