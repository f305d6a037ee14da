import { describe, it } from '@jest/globals';
import { replicates, singlePositions } from './switchMatrix.js';

describe('a replica on a platform with one switch turned', () => {
  it.each(singlePositions)('%s: loads by query and by search, and follows', async (_, behaviour) => {
    await replicates(behaviour, 2);
    await replicates(behaviour, 3);
  });
});
