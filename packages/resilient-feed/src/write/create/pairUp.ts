import type { Since } from '../../Clocks.js';
import type { NaturalKey } from '../../mapping/Intent.js';
import { findTwin, mayBeMadeBy } from '../findTwin.js';
import { hasKey } from '../TargetObject.js';
import type { TargetObject } from '../TargetObject.js';
import type { Bundled } from './Bundle.js';
import type { BundledKind } from './BundleSupport.js';

export interface Pair {
  readonly one: Bundled;
  readonly target: TargetObject;
}

export interface Pairing {
  readonly pairs: readonly Pair[];
  /** Those of which the target shows nothing that may be theirs. */
  readonly lacking: readonly Bundled[];
  /** What the server made of them without showing of which: to be removed, and they are made singly. */
  readonly strays: readonly TargetObject[];
}

/** Each with what shows its natural key; of equal ones in order. Everything that it could be must be among `shown`. */
export function exactPairs(bundled: readonly Bundled[], shown: readonly TargetObject[], since: Since): readonly Pair[] {
  const taken = new Set<number>();
  return bundled.flatMap((one) => {
    const target = findTwin(one.intent, shown, taken, since);
    if (target === undefined) return [];
    taken.add(target.target.objectId);
    return [{ one, target }];
  });
}

/**
 * All of one kind, after the server has made the incident, which held nothing before. What is left over is what the server
 * took differently: as many notes as are left are those notes in order, since their text is corrected afterwards; an
 * artifact has what is left of its type if no other artifact can have it.
 */
export function pairUp(
  kind: BundledKind,
  bundled: readonly Bundled[],
  shown: readonly TargetObject[],
  since: Since,
): Pairing {
  const pairs = exactPairs(bundled, shown, since);
  const left = bundled.filter((one) => !pairs.some((pair) => pair.one === one));
  const ours = shown
    .filter((object) => !pairs.some(({ target }) => target === object))
    .filter((object) => left.some(({ intent }) => mayBeMadeBy(intent, object, since)));
  const rest = kind === 'comments' ? restOfNotes(left, ours) : restOfArtifacts(left, ours);
  return { ...rest, pairs: [...pairs, ...rest.pairs] };
}

function restOfNotes(left: readonly Bundled[], ours: readonly TargetObject[]): Pairing {
  if (left.length !== ours.length) return { pairs: [], lacking: left, strays: [] };
  const inOrder = [...ours].sort((a, b) => a.target.objectId - b.target.objectId);
  return { pairs: left.map((one, at) => ({ one, target: inOrder[at] as TargetObject })), lacking: [], strays: [] };
}

function restOfArtifacts(left: readonly Bundled[], ours: readonly TargetObject[]): Pairing {
  const pairs: Pair[] = [];
  const strays: TargetObject[] = [];
  for (const one of left) {
    const like = left.filter((other) => JSON.stringify(typeOf(other)) === JSON.stringify(typeOf(one)));
    const [first, ...others] = ours.filter((object) => hasKey(object, typeOf(one)));
    if (first === undefined) continue;
    if (like.length === 1) pairs.push({ one, target: withExtras(first, others) });
    else strays.push(...[first, ...others].filter((object) => !strays.includes(object)));
  }
  return { pairs, lacking: left.filter((one) => !pairs.some((pair) => pair.one === one)), strays };
}

function withExtras(first: TargetObject, others: readonly TargetObject[]): TargetObject {
  const extraIds = others.map(({ target }) => target.objectId);
  return extraIds.length === 0 ? first : { ...first, target: { ...first.target, extraIds } };
}

function typeOf({ intent }: Bundled): NaturalKey {
  return intent.naturalKey.filter(({ name }) => name === 'type');
}
