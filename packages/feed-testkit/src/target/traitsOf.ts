import type { TargetCapabilities } from '@soar-feed/core';
import type { FeedTargetCase, TargetBench } from './FeedTargetCase.js';

const OPTIONAL = [
  ...(['readContent', 'outage', 'silence', 'poison', 'secrets'] as const),
  ...(['another', 'refusesStale', 'followsSchema'] as const),
];

/** What decides whether a scenario is for a target. */
export interface TargetTraits {
  readonly capabilities: TargetCapabilities;
  /** Which optional parts the case has. */
  readonly has: ReadonlySet<(typeof OPTIONAL)[number]>;
}

export function traitsOf<Bench extends TargetBench>(options: FeedTargetCase<Bench>): TargetTraits {
  return {
    capabilities: options.capabilities,
    has: new Set(OPTIONAL.filter((name) => options[name] !== undefined && options[name] !== false)),
  };
}
