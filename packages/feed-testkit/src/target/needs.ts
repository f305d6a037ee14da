import type { TargetCapabilities } from '@soar-feed/core';
import type { TargetTraits } from './traitsOf.js';

/** What a scenario needs of a target or its case: gives what is missing, in words; `undefined`: nothing. */
export type Need = (traits: TargetTraits) => string | undefined;

type Part = TargetTraits['has'] extends ReadonlySet<infer P> ? P : never;

/** A part that the author may add to the case. */
export function caseHas(part: Part): Need {
  return ({ has }) => (has.has(part) ? undefined : `the case has no \`${part}\``);
}

export function deletesBy(way: TargetCapabilities['deletes']): Need {
  return ({ capabilities: { deletes } }) =>
    deletes === way ? undefined : `the target declares \`deletes: '${deletes}'\``;
}

export function takesContents(isWanted: boolean): Need {
  return ({ capabilities: { content } }) =>
    content === isWanted ? undefined : `the target declares \`content: ${content}\``;
}

/** A batch of at least `size` events. */
export function batchesOf(size: number): Need {
  return ({ capabilities: { batch } }) => {
    if (batch === undefined) return 'the target declares no `batch`';
    return batch.maxEvents >= size ? undefined : `the target's batches hold ${batch.maxEvents} of the ${size} needed`;
  };
}

/** The first thing that is missing. */
export function missing(needs: readonly Need[] = [], traits: TargetTraits): string | undefined {
  for (const need of needs) {
    const lack = need(traits);
    if (lack !== undefined) return lack;
  }
  return undefined;
}
