import { currentLife } from '../virtual/lives.js';
import type { Life } from '../virtual/lives.js';

const LIVING = Symbol.for('@soar-feed/store:leases');

/** The leases of this process, as the store knows them. */
const living = ((globalThis as { [LIVING]?: Set<string> })[LIVING] ??= new Set());

const ownersOf = new Map<Life, Set<string>>();

/** Each life is a process of its own: remembers whose each lease is. */
living.add = function (this: Set<string>, owner: string) {
  const life = currentLife();
  if (life !== undefined) ownersOf.set(life, (ownersOf.get(life) ?? new Set()).add(owner));
  return Set.prototype.add.call(this, owner) as Set<string>;
};

/** What a process had that is gone is nobody's any more. */
export function releaseLeases(life: Life): void {
  for (const owner of ownersOf.get(life) ?? []) living.delete(owner);
  ownersOf.delete(life);
}
