import type { Parcel } from './Parcel.js';

/**
 * The parcels in groups that can be sent one after another. No group has two messages with one key: it may have to be
 * sent again, and then no older message of a key may follow a newer one. None brings more than `maxBytes` to one topic,
 * unless a single message does: a broker measures what a request brings to one partition.
 */
export function roundsOf(parcels: readonly Parcel[], maxBytes: number): readonly (readonly Parcel[])[] {
  const rounds: Parcel[][] = [];
  let round: Parcel[] = [];
  let keys = new Set<string>();
  let bytes = new Map<string, number>();
  for (const parcel of parcels) {
    const { topic } = parcel.message;
    const key = `${topic} ${parcel.message.key.toString()}`;
    const sum = (bytes.get(topic) ?? 0) + parcel.size;
    if (keys.has(key) || (bytes.has(topic) && sum > maxBytes)) {
      rounds.push(round);
      [round, keys, bytes] = [[], new Set(), new Map()];
    }
    round.push(parcel);
    keys.add(key);
    bytes.set(topic, (bytes.get(topic) ?? 0) + parcel.size);
  }
  if (round.length > 0) rounds.push(round);
  return rounds;
}
