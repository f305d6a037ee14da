import { expect, it } from '@jest/globals';
import { anIncident } from '@soar-feed/feed-testkit';
import { benches, parkedOf, stuckAtFirst } from './feedBench.js';

const { bench } = benches();
const HOUR_MS = 3_600_000;

it('an event that waits for its turn grows old, and gets its row, although the clock is set back an hour', async () => {
  const target = stuckAtFirst();
  const made = bench(target, { concurrency: 1, spillAfterMs: 10_000 });
  await made.feed.start();
  void made.feed.accept(anIncident({ incidentId: 1 }));
  const second = made.feed.accept(anIncident({ incidentId: 2 }));
  await made.clock.advance(1_000);
  const { now } = made.clock;
  made.clock.now = () => now() - HOUR_MS;
  for (let turn = 0; turn < 12; turn += 1) await made.clock.advance(1_000);
  expect(await second).toMatchObject({ outcome: 'parked' });
  expect((await parkedOf(made)).map(({ key }) => key.incidentId)).toContain(2);
  made.clock.now = now;
});
