/** A small deterministic generator (mulberry32): the same seed makes the same data. Not for secrets. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** In [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** An integer from `from` to `to`, both included. */
  integer(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** @throws RangeError for an empty list */
  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new RangeError('Nothing to pick from');
    return list[Math.floor(this.next() * list.length)] as T;
  }

  /** At most `most` different elements, in the order of the list. */
  some<T>(list: readonly T[], most: number): T[] {
    const left = [...list.keys()];
    const chosen = new Set<number>();
    for (let count = this.integer(0, Math.min(most, list.length)); count > 0; count -= 1) {
      chosen.add(left.splice(this.integer(0, left.length - 1), 1)[0] as number);
    }
    return list.filter((_, index) => chosen.has(index));
  }

  /** One of the names, with a probability in proportion to its weight. */
  weighted<T extends string>(weights: Readonly<Record<T, number>>): T {
    const entries = Object.entries<number>(weights) as [T, number][];
    let at = this.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [name, weight] of entries) {
      at -= weight;
      if (at < 0) return name;
    }
    return entries[entries.length - 1]?.[0] as T;
  }

  bytes(length: number): Buffer {
    const words = new Uint32Array(Math.ceil(length / 4));
    for (let at = 0; at < words.length; at += 1) words[at] = this.next() * 2 ** 32;
    return Buffer.from(words.buffer, 0, length);
  }
}
