import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { caughtUp, compared, IDENTICAL, replicaBench, tally, until } from './replicaBench.js';
import type { ReplicaBench } from './replicaBench.js';

jest.setTimeout(60_000);

let bench: ReplicaBench | undefined;

afterEach(async () => {
  await bench?.stop();
  bench = undefined;
});

const when = 1_700_000_000_000;
const FILES = ['[files]', 'class=FileFeed', 'directory=files', 'spill_after=1'];

function files({ folder }: ReplicaBench): readonly string[] {
  return readdirSync(join(folder, 'files')).sort();
}

describe('a replica beside a feed of files', () => {
  it('gets what its workspaces name, live and by reload, and the files get theirs', async () => {
    const workspaces = '"Default workspace": ["resilient_feed"], "Legal": ["resilient_feed", "files"]';
    bench = await replicaBench({
      feeds: ['feed_names=resilient_feed,files', `workspaces=${workspaces}`],
      sections: FILES,
    });
    mkdirSync(join(bench.folder, 'files'));
    const { source, target } = bench;
    const host = await bench.makeHost();
    await host.start();
    const incidentOf = (workspace: string): number =>
      source.createIncident({ name: `Of ${workspace}`, discovered_date: when, workspace }).id;
    incidentOf('Default workspace');
    const legal = incidentOf('Legal');
    const nobody = incidentOf('Red Team');
    // A child's message has the workspace of its incident.
    source.addNote({ incidentId: nobody }, 'for nobody');
    const { id } = source.addNote({ incidentId: legal }, 'privileged');
    await caughtUp(bench, host);
    const expected = [`incident_${legal}.json`, `incident_${legal}_note_${id}.json`];
    expect(target.incidents().map(({ name }) => name)).toEqual(['Of Default workspace', 'Of Legal']);
    expect(files(bench)).toEqual(expected);

    const report = await host.reload(host.wholeRange());
    expect(tally(report)).toMatchObject({ created: 0, unchanged: 3 });
    // The note has changed the date of its incident, which the file contains.
    expect(tally(report, 'files')).toMatchObject({ created: 0, updated: 1, unchanged: 1, failed: 0, parked: 0 });
    expect(files(bench)).toEqual(expected);
  });

  it('does not notice that the folder cannot be used; the files come once it can', async () => {
    bench = await replicaBench({ feeds: ['feed_names=resilient_feed,files'], sections: FILES });
    const now = bench;
    const { source, log } = now;
    const host = await now.makeHost();
    await host.start();
    const { id } = source.createIncident({ name: 'While the folder is away', discovered_date: when });
    source.addNote({ incidentId: id }, 'a note');
    await caughtUp(now, host);
    expect(compared(now)).toEqual(IDENTICAL);
    const [replica, away] = host.status().feeds;
    expect(replica).toMatchObject({ name: 'resilient_feed', state: 'up', parked: { deferred: 0, failed: 0 } });
    expect(away).toMatchObject({ name: 'files', problem: expect.stringContaining('ENOENT'), parked: { failed: 0 } });
    expect(away?.parked.deferred).toBe(2);
    expect(log.of('error')).toEqual([expect.stringContaining('does not exist; create it')]);

    mkdirSync(join(now.folder, 'files'));
    await until(
      'the files are there',
      () => files(now).filter((name) => name.endsWith('.json')).length === 2,
      50_000,
      () => host.status(),
    );
  });
});
