import { afterEach, describe, expect, it } from '@jest/globals';
import type { FaultOptions, SimOrg } from '@soar-feed/soar-simulator';
import { caughtUp, compared, IDENTICAL, replicaBench, until } from './replicaBench.js';
import type { ReplicaBench } from './replicaBench.js';

const TIMEOUT_MS = 60_000;

/** The connection breaks, and the server never did it, or does it a moment later. */
const NOT_AT_ALL: FaultOptions = { reset: 'before', times: 1 };
const LATE: FaultOptions = { lateCommitMs: 700, times: 1 };

const lost: readonly (readonly [string, readonly FaultOptions[]])[] = [
  ['neither of them done', [NOT_AT_ALL, NOT_AT_ALL]],
  ['the second done late', [NOT_AT_ALL, LATE]],
];

const objects: readonly (readonly [string, string, (source: SimOrg, incidentId: number) => void])[] = [
  ['a note', '/incidents/:id/comments', (source, id) => void source.addNote({ incidentId: id }, 'once')],
  ['a task', '/incidents/:id/tasks', (source, id) => void source.createTask(id, { name: 'Once' })],
  ['an incident', '/incidents', (source) => void source.createIncident({ name: 'Once', discovered_date: 1 })],
];

describe('two creates in a row whose answers are lost', () => {
  let bench: ReplicaBench;
  afterEach(async () => {
    await bench?.stop();
  });

  it.each(
    objects.flatMap(([name, path, make]) => lost.map(([how, faults]) => [name, how, path, make, faults] as const)),
  )(
    'make %s once and park nothing as failed: %s',
    async (_name, _how, path, make, faults) => {
      // Two tries are charged; if the looks in between were charged too, no try would be left.
      bench = await replicaBench({ resilientFeed: ['create_settle=2s', 'max_attempts=3'] });
      const { source, target, simulator, log } = bench;
      const { id } = source.createIncident({ name: 'There before', discovered_date: 1 });
      const host = await bench.makeHost();
      await host.start();
      await caughtUp(bench, host);
      const struck = faults.map((fault) => simulator.faults.add({ method: 'POST', org: target.id, path, ...fault }));
      make(source, id);
      const hits = (): number => struck.reduce((sum, { hits: of }) => sum + of, 0);
      await until(
        'both creates were lost',
        () => hits() === 2,
        TIMEOUT_MS,
        () => host.status(),
      );
      await caughtUp(bench, host, TIMEOUT_MS);
      expect(compared(bench)).toEqual(IDENTICAL);
      expect(host.status().feeds[0]).toMatchObject({ counts: { failed: 0 }, parked: { failed: 0, undecided: 0 } });
      expect(log.lines.filter(({ fields }) => fields.event === 'parked')).toEqual([]);
    },
    2 * TIMEOUT_MS,
  );
});
