import { keyText } from '@soar-feed/core';
import type { Parcel } from './Parcel.js';

/**
 * The parcels in groups that are posted one after another. No group holds two changes of one object: if the first has to
 * be sent again, no newer one may be there already. None is larger than `maxBytes`, unless a single change is.
 */
export function roundsOf(parcels: readonly Parcel[], maxBytes: number): readonly (readonly Parcel[])[] {
  const rounds: Parcel[][] = [];
  let round: Parcel[] = [];
  let keys = new Set<string>();
  let bytes = 0;
  for (const parcel of parcels) {
    const key = keyText(parcel.event.key);
    const size = Buffer.byteLength(parcel.json) + 1;
    if (keys.has(key) || (round.length > 0 && bytes + size > maxBytes)) {
      rounds.push(round);
      [round, keys, bytes] = [[], new Set(), 0];
    }
    round.push(parcel);
    keys.add(key);
    bytes += size;
  }
  if (round.length > 0) rounds.push(round);
  return rounds;
}
