import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { join } from 'node:path';
import { seedIncidents } from '@soar-feed/soar-simulator';
import { ibmDatabase } from '../helpers/ibmDatabase.js';
import type { IbmVersion } from '../helpers/ibmDatabase.js';
import { caughtUp, compared, IDENTICAL, replicaBench } from './replicaBench.js';
import type { ReplicaBench } from './replicaBench.js';

jest.setTimeout(60_000);

let bench: ReplicaBench | undefined;

afterEach(async () => {
  await bench?.stop();
  bench = undefined;
});

describe.each<IbmVersion>(['v1', 'v2'])("what a feed of IBM's (%s) had still to retry", (version) => {
  async function left() {
    const made = await replicaBench();
    bench = made;
    seedIncidents(made.source, { incidents: 3, seed: 7 });
    const ids = made.source.incidentIds();
    const ibm = await ibmDatabase({ client: 'sqlite', file: join(made.folder, 'sync.sqlite3') }, version);
    // Any child of an incident; an attachment of a task; a child that failed twice.
    for (const [at, id] of ids.entries()) await ibm.retry(id, 'incident', id, 'note', 100 + at);
    await ibm.retry(ids[0] ?? 0, 'task', 4, 'attachment', 3);
    return { made, ibm, ids };
  }

  it('is loaded whole from the source, not from its stale payloads, and its rows go', async () => {
    const { made, ibm } = await left();
    const host = await made.makeHost();
    await host.start();
    await caughtUp(made, host);
    expect(compared(made)).toEqual(IDENTICAL);
    expect(await ibm.retries()).toEqual([]);
    expect(made.log.lines).toContainEqual(
      expect.objectContaining({ fields: expect.objectContaining({ event: 'target.retries-taken', count: 3 }) }),
    );
    await ibm.close();
    // Once: a second start has nothing to take over.
    await host.stop(2_000);
    made.simulator.requests.reset();
    const again = await made.makeHost();
    await again.start();
    await caughtUp(made, again);
    expect(made.simulator.requests.writes).toBe(0);
    expect(made.log.lines.filter(({ fields }) => fields.event === 'target.retries-taken')).toHaveLength(1);
  });

  it('of an incident that is gone ends with it', async () => {
    const { made, ibm, ids } = await left();
    made.source.deleteIncident(ids[1] ?? 0);
    const host = await made.makeHost();
    await host.start();
    await caughtUp(made, host);
    expect(compared(made)).toEqual(IDENTICAL);
    expect(await ibm.retries()).toEqual([]);
    await ibm.close();
  });
});
