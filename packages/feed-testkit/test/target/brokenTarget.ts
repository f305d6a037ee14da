import type { TargetCapabilities } from '@soar-feed/core';
import { recordingLogger } from '@soar-feed/feed-testkit';
import type { FeedTargetCase, TargetBench } from '@soar-feed/feed-testkit';
import type { TargetScenario } from '../../src/target/TargetScenario.js';
import { targetScenarios } from '../../src/target/targetScenarios.js';
import { TargetSubject } from '../../src/target/TargetSubject.js';
import { shelfCase } from './shelfCase.js';
import type { ShelfTarget } from './ShelfTarget.js';

export const plain: TargetCapabilities = { deletes: 'apply', content: false };
export const marking: TargetCapabilities = { deletes: 'mark', content: false };
export const files: TargetCapabilities = { deletes: 'apply', content: true };
export const batching: TargetCapabilities = { ...plain, batch: { maxEvents: 10, maxWaitMs: 5 } };

export type Broken = new (...its: ConstructorParameters<typeof ShelfTarget>) => ShelfTarget;

/** How a failure reads: what was asked, and what the target did. */
export const IN_WORDS = /^The target must .+\.\nInstead: .+/s;

const scenarios: readonly TargetScenario[] = Object.values(targetScenarios).flat();

/** Runs the one scenario of that name on a target of that class. */
export async function runOn(named: RegExp, capabilities: TargetCapabilities, Target: Broken): Promise<void> {
  const [scenario, ...others] = scenarios.filter(({ name }) => named.test(name));
  if (scenario === undefined || others.length > 0) throw new Error(`${String(named)} names no scenario, or several.`);
  const options = shelfCase('broken', capabilities, (...its) => new Target(...its));
  const log = recordingLogger();
  const subject = new TargetSubject(await options.make(log), options as unknown as FeedTargetCase<TargetBench>, log);
  await scenario.run(subject);
}
