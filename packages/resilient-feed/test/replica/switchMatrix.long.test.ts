import { describe, it } from '@jest/globals';
import { mixedPlatforms, replicates, singlePositions } from './switchMatrix.js';

describe('a replica on platforms that do all that public facts leave open', () => {
  // The first loads by query, the second by search.
  it.each(mixedPlatforms.map(([name, behaviour], at) => [name, behaviour, at] as const))(
    '%s: loads and follows',
    (_, behaviour, at) => replicates(behaviour, 2 + at),
  );
});

describe('a replica on a platform with one switch turned', () => {
  it.each(singlePositions)('%s: loads by query and by search, and follows', async (_, behaviour) => {
    await replicates(behaviour, 2);
    await replicates(behaviour, 3);
  });
});
