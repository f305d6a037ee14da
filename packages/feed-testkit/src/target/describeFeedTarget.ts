import { afterEach, beforeEach, describe, it } from '@jest/globals';
import { recordingLogger } from '../recordingLogger.js';
import type { FeedTargetCase, TargetBench } from './FeedTargetCase.js';
import { TargetSubject } from './TargetSubject.js';
import { targetScenarios } from './targetScenarios.js';
import { traitsOf } from './traitsOf.js';

/**
 * Tests everything that the contract promises about a `FeedTarget`. The capabilities, and what the case can do to the
 * destination, decide which tests run.
 */
export function describeFeedTarget<Bench extends TargetBench>(options: FeedTargetCase<Bench>): void {
  describe(`FeedTarget: ${options.name}`, () => {
    let bench: Bench;
    let subject: TargetSubject;

    beforeEach(async () => {
      const log = recordingLogger();
      bench = await options.make(log);
      // Safe for every type of bench: the case's functions only ever get what its own `make` made.
      subject = new TargetSubject(bench, options as unknown as FeedTargetCase<TargetBench>, log);
    });

    afterEach(async () => {
      await bench.target.close();
      await bench.dispose();
    });

    const traits = traitsOf(options);
    for (const [room, scenarios] of Object.entries(targetScenarios)) {
      const chosen = scenarios.filter(({ isFor }) => isFor?.(traits) ?? true);
      if (chosen.length === 0) continue;
      describe(room, () => {
        for (const { name, run } of chosen) it(name, () => run(subject));
      });
    }
  });
}
