import { describe, expect, it } from '@jest/globals';
import { BoundedCache } from '../src/BoundedCache.js';

describe('BoundedCache', () => {
  it('forgets what was used least recently', () => {
    const cache = new BoundedCache<string, number>(2);
    cache.set('a', 1);
    cache.set('b', 2);
    cache.get('a');
    cache.set('c', 3);
    expect(['a', 'b', 'c'].map((key) => cache.get(key))).toEqual([1, undefined, 3]);
  });

  it('counts a key that is set again once, and one that was deleted not at all', () => {
    const cache = new BoundedCache<string, number>(2);
    cache.set('a', 1);
    for (let value = 0; value < 5; value += 1) cache.set('b', value);
    cache.delete('b');
    cache.delete('b');
    cache.set('c', 3);
    expect(['a', 'b', 'c'].map((key) => cache.get(key))).toEqual([1, undefined, 3]);
  });

  it('goes by weight where values differ, and keeps the newest whatever it weighs', () => {
    const cache = new BoundedCache<string, readonly number[]>(10, ({ length }) => length);
    for (const key of ['a', 'b', 'c', 'd']) cache.set(key, [1, 2, 3]);
    expect(['a', 'b', 'c', 'd'].filter((key) => cache.get(key) !== undefined)).toEqual(['b', 'c', 'd']);
    // An entry that shrinks makes room.
    cache.set('d', [1]);
    cache.set('e', [1, 2, 3]);
    expect(['b', 'c', 'd', 'e'].filter((key) => cache.get(key) !== undefined)).toEqual(['b', 'c', 'd', 'e']);
    const huge = Array.from({ length: 5_000 }, (_, at) => at);
    cache.set('huge', huge);
    expect(['b', 'c', 'd', 'e', 'huge'].filter((key) => cache.get(key) !== undefined)).toEqual(['huge']);
    cache.set('f', [1]);
    expect(['huge', 'f'].filter((key) => cache.get(key) !== undefined)).toEqual(['f']);
  });
});
