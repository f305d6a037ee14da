import type { LivingObject } from './livingObjects.js';

/** An object as a destination shows it. */
export interface ShownObject {
  /** Names it in a finding. */
  readonly name: string;
  readonly holds: Readonly<Record<string, unknown>>;
}

/** Judges a destination by the source alone: it shows each living object, no others, and the newest text of each. */
export function judgeShown(
  living: readonly LivingObject[],
  shown: ReadonlyMap<string, ShownObject>,
  keyOf: (object: LivingObject) => string,
): readonly string[] {
  const expected = new Map(living.map((object) => [keyOf(object), object]));
  const surplus = [...shown].filter(([key]) => !expected.has(key));
  return [
    ...surplus.map(([, { name }]) => `${name} exists although its object does not`),
    ...[...expected].flatMap(([key, object]) => faultsOf(object, shown.get(key), key)),
  ];
}

function faultsOf({ holds, optional }: LivingObject, shown: ShownObject | undefined, key: string): readonly string[] {
  if (optional) return [];
  if (shown === undefined) return [`${key} is missing`];
  return Object.entries(holds)
    .filter(([name, value]) => JSON.stringify(shown.holds[name]) !== JSON.stringify(value))
    .map(
      ([name, value]) =>
        `${shown.name} says ${name} = ${JSON.stringify(shown.holds[name])}, the source ${JSON.stringify(value)}`,
    );
}
