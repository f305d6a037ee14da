export interface Pairing<S, T> {
  readonly pairs: readonly (readonly [S, T])[];
  /** Objects of the source without a partner. */
  readonly missing: readonly S[];
  /** Objects of the target without a partner. */
  readonly surplus: readonly T[];
}

/**
 * Pairs objects of the source with objects of the target, each at most once: first the pairs that pass the strictest
 * test, then those that pass the next one.
 */
export function pairUp<S, T>(
  sources: readonly S[],
  targets: readonly T[],
  tests: readonly ((source: S, target: T) => boolean)[],
): Pairing<S, T> {
  const pairs: (readonly [S, T])[] = [];
  const surplus = new Set(targets);
  let missing = [...sources];
  for (const test of tests) {
    missing = missing.filter((source) => {
      for (const target of surplus) {
        if (!test(source, target)) continue;
        pairs.push([source, target]);
        surplus.delete(target);
        return false;
      }
      return true;
    });
  }
  return { pairs, missing, surplus: [...surplus] };
}

/**
 * Continues after `pairUp` and pairs the remaining objects in order, because an edit that did not arrive may leave
 * nothing in common. A target object that looks like an already paired source object is a second copy and stays
 * unpaired.
 */
export function pairEdited<S, T>(sofar: Pairing<S, T>, isCopy: (source: S, target: T) => boolean): Pairing<S, T> {
  const copies = sofar.surplus.filter((target) => sofar.pairs.some(([source]) => isCopy(source, target)));
  const edited = sofar.surplus.filter((target) => !copies.includes(target));
  const count = Math.min(sofar.missing.length, edited.length);
  const pairs = sofar.missing.slice(0, count).map((source, index) => [source, edited[index] as T] as const);
  return {
    pairs: [...sofar.pairs, ...pairs],
    missing: sofar.missing.slice(count),
    surplus: [...copies, ...edited.slice(count)],
  };
}
