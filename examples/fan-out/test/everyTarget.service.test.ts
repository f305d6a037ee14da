import { availableParallelism, loadavg } from 'node:os';
import { expect, it } from '@jest/globals';
import { MISSING_LIBRDKAFKA } from '../../../packages/kafka-feed/test/support/mockKafka.js';
import { STEADY, Trial } from './Trial.js';

/** More of both by the environment: 100 and 300 take several minutes. */
const incidents = Number(process.env['FAN_OUT_INCIDENTS'] ?? 15);
const operations = Number(process.env['FAN_OUT_OPERATIONS'] ?? 60);

/** Changes that arrive later than this without trouble, or so many processes in line per core: the machine is busy with something else. */
const BUSY_MS = 5_000;
const BUSY_LOAD = 2;

const NAME =
  'leaves every destination equal to the source, whatever two of them suffer, and shows how quick the others are';

if (MISSING_LIBRDKAFKA !== undefined && process.env['REQUIRE_SERVICES'] === '1') throw new Error(MISSING_LIBRDKAFKA);
const test = MISSING_LIBRDKAFKA === undefined ? it : it.skip;

test(
  NAME,
  async () => {
    const calm = await Trial.run({ incidents, operations, isTroubled: false });
    const troubled = await Trial.run({ incidents, operations, isTroubled: true });
    const row = (feed: (typeof STEADY)[number]): string =>
      `${feed}: p50 ${calm[feed].p50} and ${troubled[feed].p50}, p99 ${calm[feed].p99} and ${troubled[feed].p99}`;
    process.stderr.write(`Fan-out, ms without trouble and with it: ${STEADY.map(row).join('; ')}\n`);
    // A busy machine says nothing about what trouble costs; the equality above was checked.
    const isBusy = (loadavg()[1] ?? 0) > BUSY_LOAD * availableParallelism();
    if (isBusy || Math.max(...STEADY.map((feed) => calm[feed].p99)) > BUSY_MS) return;
    for (const feed of STEADY) {
      // Ratios of one run. A dead feed may hold the queue for about a second (docs/guarantees.md).
      expect(troubled[feed].p50).toBeLessThan(3 * calm[feed].p50 + 2_000);
      expect(troubled[feed].p99).toBeLessThan(3 * calm[feed].p99 + 3_000);
    }
  },
  1_800_000,
);
