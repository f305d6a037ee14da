import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { FeedHost } from '@soar-feed/core/runtime';
import { runWorkload, seedIncidents } from '@soar-feed/soar-simulator';
import { caughtUp, compared, IDENTICAL, replicaBench, tally } from './replicaBench.js';
import type { ReplicaBench } from './replicaBench.js';

jest.setTimeout(120_000);

let bench: ReplicaBench | undefined;

afterEach(async () => {
  await bench?.stop();
  bench = undefined;
});

/** A database, and the files that SQLite keeps beside it. */
function files({ folder }: ReplicaBench, name: string): readonly string[] {
  return ['', '-wal', '-shm'].map((end) => join(folder, `${name}${end}`));
}

function lose(made: ReplicaBench, name = MAPPING): void {
  for (const file of files(made, name)) rmSync(file, { force: true });
}

function backUp(made: ReplicaBench, name: string): void {
  for (const file of files(made, name)) if (existsSync(file)) copyFileSync(file, `${file}.backup`);
}

function restore(made: ReplicaBench, name: string): void {
  lose(made, name);
  for (const file of files(made, name)) if (existsSync(`${file}.backup`)) copyFileSync(`${file}.backup`, file);
}

const MAPPING = 'sync.sqlite3';
const STATE = 'soar-feed.db';
const when = 1_700_000_000_000;

/** Objects that the feed made in the target. */
function created({ simulator, target }: ReplicaBench): readonly string[] {
  return simulator.requests.log
    .filter(({ org, method, path }) => org === target.id && method === 'POST' && !path.includes('query'))
    .map(({ path }) => path);
}

const nothingParked = { waiting: 0, deferred: 0, failed: 0, undecided: 0, resync: 0 };
const parked = (host: FeedHost) => host.status().feeds[0]?.parked;

async function reloaded(made: ReplicaBench, host: FeedHost) {
  const report = await host.reload(host.wholeRange());
  await caughtUp(made, host);
  return tally(report);
}

describe.each([true, false])('a replica whose mapping was lost, sync_reference_fields=%s', (references) => {
  async function grown(incidents = 12): Promise<ReplicaBench> {
    const made = await replicaBench({ resilientFeed: [`sync_reference_fields=${references}`] });
    bench = made;
    seedIncidents(made.source, { incidents, seed: 3 });
    const host = await made.makeHost();
    await host.start();
    await reloaded(made, host);
    await runWorkload(made.source, { operations: 60, seed: 8, perSecond: 100 });
    await caughtUp(made, host);
    expect(compared(made)).toEqual(IDENTICAL);
    await host.stop(2_000);
    return made;
  }

  it('is found again, object by object: nothing is made, nothing is doubled', async () => {
    const made = await grown();
    lose(made);
    const host = await made.makeHost();
    await host.start();
    made.simulator.requests.reset();
    const counts = await reloaded(made, host);
    expect(counts).toMatchObject({ created: 0, deleted: 0, parked: 0, failed: 0 });
    expect(created(made)).toEqual([]);
    expect(compared(made)).toEqual(IDENTICAL);
    expect(parked(host)).toEqual(nothingParked);
  });

  it('follows what was edited meanwhile; what cannot be told is parked, and made once a person says so', async () => {
    const made = await replicaBench({ resilientFeed: [`sync_reference_fields=${references}`] });
    bench = made;
    const { source, target } = made;
    const first = await made.makeHost();
    await first.start();
    const renamed = source.createIncident({ name: 'Will be renamed', discovered_date: when });
    const { id } = source.createIncident({ name: 'Edited meanwhile', discovered_date: when + 1 });
    const gone = source.createIncident({ name: 'Deleted meanwhile', discovered_date: when + 2 });
    const task = source.createTask(id, { name: 'Look' });
    const note = source.addNote({ incidentId: id }, 'before');
    source.addNote({ incidentId: id }, 'stays');
    const goneNote = source.addNote({ incidentId: id }, 'deleted meanwhile');
    const [artifact] = source.addArtifact(id, { type: 'IP Address', value: '192.0.2.1' });
    await caughtUp(made, first);
    expect(compared(made)).toEqual(IDENTICAL);
    await first.stop(2_000);
    lose(made);

    source.updateIncident(renamed.id, { name: 'Renamed' });
    source.updateIncident(id, { severity_code: 'High' });
    source.deleteIncident(gone.id);
    source.updateTask(task.id, { status: 'C' });
    source.editNote(note.id, 'after');
    source.deleteNote(goneNote.id);
    source.updateArtifact(artifact?.id ?? 0, { description: 'described' });
    source.addNote({ incidentId: id }, 'new');
    source.createIncident({ name: 'New', discovered_date: when + 3 });

    const second = await made.makeHost();
    await second.start();
    await caughtUp(made, second);
    await reloaded(made, second);
    // The edited note, and a new one that may be the same.
    expect(parked(second)).toEqual({ ...nothingParked, undecided: 2 });
    const doubts = made.log.lines.filter(({ fields }) => fields.code === 'undecided');
    expect(doubts).toContainEqual(
      expect.objectContaining({ level: 'warn', message: expect.stringContaining(`note ${note.id} of incident ${id}`) }),
    );
    expect(compared(made)).toMatchObject({
      missing: [{ type: 'note', object: 'new' }],
      doubled: [],
      different: [{ type: 'note', object: 'after', target: '"before"' }],
    });
    // A person may decide later, while another process runs.
    await second.stop(2_000);
    const third = await made.makeHost();
    await third.start();
    expect(await third.retryParked({ state: 'undecided' })).toMatchObject({ rows: 2 });
    await caughtUp(made, third);
    expect(parked(third)).toEqual(nothingParked);
    expect(compared(made)).toMatchObject({ missing: [], doubled: [{ type: 'note', object: 'before' }], different: [] });
    target.deleteNote(compared(made).doubled[0]?.objectId ?? 0);
    expect(compared(made)).toEqual(IDENTICAL);
  });

  it('deletes what is deleted after the loss, though nothing else told of it before', async () => {
    const made = await replicaBench({ resilientFeed: [`sync_reference_fields=${references}`] });
    bench = made;
    const { source, target } = made;
    const first = await made.makeHost();
    await first.start();
    const gone = source.createIncident({ name: 'Deleted afterwards', discovered_date: when });
    source.addNote({ incidentId: gone.id }, 'with it');
    const { id } = source.createIncident({ name: 'Stays', discovered_date: when + 1 });
    const task = source.createTask(id, { name: 'Deleted afterwards' });
    source.addNote({ taskId: task.id }, 'of the task');
    const note = source.addNote({ incidentId: id }, 'deleted afterwards');
    const row = source.addRow(id, 'affected_hosts', { host: 'deleted afterwards' });
    source.addNote({ incidentId: id }, 'stays');
    await caughtUp(made, first);
    await first.stop(2_000);
    lose(made);
    made.simulator.requests.reset();

    const host = await made.makeHost();
    await host.start();
    source.deleteNote(note.id);
    source.deleteRow(row.id);
    source.deleteTask(task.id);
    source.deleteIncident(gone.id);
    await caughtUp(made, host);
    expect(parked(host)).toEqual(nothingParked);
    expect(target.incidents().map(({ name }) => name)).toEqual(['Stays']);
    expect(compared(made)).toEqual(IDENTICAL);
    await reloaded(made, host);
    expect(created(made)).toEqual([]);
    expect(compared(made)).toEqual(IDENTICAL);
  });

  it.each([
    ['the mapping', [MAPPING]],
    ['the mapping and the state', [MAPPING, STATE]],
  ])('whose backup of %s is older than what was done since', async (_what, names) => {
    const made = await replicaBench({ resilientFeed: [`sync_reference_fields=${references}`] });
    bench = made;
    const { source } = made;
    seedIncidents(source, { incidents: 6, seed: 12 });
    const first = await made.makeHost();
    await first.start();
    await reloaded(made, first);
    await first.stop(2_000);
    for (const name of names) backUp(made, name);

    const second = await made.makeHost();
    await second.start();
    await runWorkload(source, { operations: 80, seed: 31, perSecond: 100 });
    await caughtUp(made, second);
    expect(compared(made)).toEqual(IDENTICAL);
    await second.stop(2_000);
    for (const name of names) restore(made, name);

    const host = await made.makeHost();
    await host.start();
    made.simulator.requests.reset();
    await reloaded(made, host);
    expect(created(made)).toEqual([]);
    expect(parked(host)).toEqual(nothingParked);
    expect(compared(made)).toEqual(IDENTICAL);
    await runWorkload(source, { operations: 40, seed: 32, perSecond: 100 });
    await caughtUp(made, host);
    expect(compared(made)).toEqual(IDENTICAL);
  });
});
