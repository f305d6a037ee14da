import { describe, it } from '@jest/globals';
import { platforms, replicates } from './switchMatrix.js';

describe('a replica on platforms that together have every two positions of any two switches', () => {
  it.each(
    platforms.map(({ byQuery, behaviour }, at) => [at + 1, byQuery ? 'query' : 'search', byQuery, behaviour] as const),
  )('platform %i: loads by %s, and follows', (number, _, byQuery, behaviour) => replicates(behaviour, byQuery, number));
});
