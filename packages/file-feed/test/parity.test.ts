import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { toTypeSchema } from '@soar-feed/core';
import type { DeliverContext, FeedEvent, ObjectKey, SoarObject, TypeSchema } from '@soar-feed/core';
import { recordingLogger } from '@soar-feed/feed-testkit';
import { FileFeed, fileFeedConfig } from '../src/index.js';

/** What a stand-in of the platform answered, and what IBM's own FileFeed wrote from it. */
const SAMPLE = join(import.meta.dirname, 'fixtures', 'ibm');
const CONTEXT: DeliverContext = { signal: new AbortController().signal, attempt: 1, log: recordingLogger() };

type Dto = SoarObject & { readonly id: number };
interface Children {
  readonly tasks: readonly Dto[];
  readonly comments: readonly Dto[];
  readonly artifacts: readonly Dto[];
  readonly attachments: readonly Dto[];
  readonly milestones: readonly Dto[];
  readonly table_data: Readonly<Record<string, { readonly table_name: string; readonly rows: readonly Dto[] }>>;
  readonly task_comments: Readonly<Record<string, readonly Dto[]>>;
}

const read = async (name: string): Promise<unknown> => JSON.parse(await readFile(join(SAMPLE, name), 'utf8'));

/** The attachment of a task: the sample lacks the answer that it came with. */
const WITHOUT_SOURCE = 'incident_2001_attachment_2.json';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'file-feed-'));
  const feed = new FileFeed(fileFeedConfig.parse({ directory }));
  for (const event of await eventsOfSample()) await feed.deliver(event, CONTEXT);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function theirNames(): Promise<readonly string[]> {
  return (await readdir(join(SAMPLE, 'files'))).filter((name) => name !== WITHOUT_SOURCE).sort();
}

it('writes a file for each of IBM’s, under the same name, and no other', async () => {
  expect((await readdir(directory)).sort()).toEqual(await theirNames());
});

it('writes in each file what IBM writes, in the same order; added are only id and inc_id', async () => {
  for (const name of await theirNames()) {
    const theirs = await readFile(join(SAMPLE, 'files', name), 'utf8');
    const given = JSON.parse(theirs) as Record<string, unknown>;
    const ours = JSON.parse(await readFile(join(directory, name), 'utf8')) as Record<string, unknown>;
    for (const added of ['id', 'inc_id']) if (!(added in given)) delete ours[added];
    expect({ name, row: ours }).toEqual({ name, row: given });
  }
});

it('spells values as Python does, line by line', async () => {
  for (const name of await theirNames()) {
    const lines = (text: string) => text.split('\n').map((line) => line.replace(/,$/, ''));
    const ours = new Set(lines(await readFile(join(directory, name), 'utf8')));
    const missing = lines(await readFile(join(SAMPLE, 'files', name), 'utf8')).filter((line) => !ours.has(line));
    expect({ name, missing }).toEqual({ name, missing: [] });
  }
});

async function eventsOfSample(): Promise<readonly FeedEvent[]> {
  const types = (await read('types.json')) as Readonly<Record<string, Parameters<typeof toTypeSchema>[0]>>;
  const schemas = new Map(Object.entries(types).map(([name, type]) => [name, toTypeSchema(type)]));
  const children = (await read('children.json')) as Readonly<Record<string, Children>>;
  const incidents = (await read('incidents.json')) as readonly Dto[];
  return incidents.flatMap((incident) => {
    const { id: incidentId } = incident;
    const of = children[incidentId] as Children;
    const make = (type: string, dto: Dto, parent?: ObjectKey) =>
      eventOf(schemas.get(type) as TypeSchema, incidentId, dto, parent);
    const task = (id: string): ObjectKey => ({ orgId: 201, incidentId, type: 'task', objectId: Number(id) });
    return [
      make('incident', incident),
      ...of.tasks.map((dto) => make('task', dto)),
      ...of.comments.flatMap(withReplies).map((dto) => make('note', dto)),
      ...Object.entries(of.task_comments).flatMap(([id, notes]) =>
        notes.flatMap(withReplies).map((dto) => make('note', dto, task(id))),
      ),
      ...of.artifacts.map((dto) => make('artifact', dto)),
      ...of.attachments.map((dto) => make('attachment', dto)),
      ...of.milestones.map((dto) => make('milestone', dto)),
      ...Object.values(of.table_data).flatMap(({ table_name, rows }) => rows.map((dto) => make(table_name, dto))),
    ];
  });
}

function withReplies(note: Dto): readonly Dto[] {
  const replies = (note['children'] ?? []) as readonly Dto[];
  return [note, ...replies.flatMap(withReplies)];
}

function eventOf(schema: TypeSchema, incidentId: number, payload: Dto, parent?: ObjectKey): FeedEvent {
  return {
    id: `${schema.name}-${payload.id}`,
    origin: 'reload',
    operation: 'upsert',
    key: { orgId: 201, incidentId, type: schema.name, objectId: payload.id },
    ...(parent === undefined ? {} : { parent }),
    workspace: 'Default workspace',
    observedAtMs: 0,
    payload,
    schema,
  };
}
