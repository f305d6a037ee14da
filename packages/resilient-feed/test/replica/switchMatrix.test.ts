import { describe, it } from '@jest/globals';
import { mixedPlatforms, replicates } from './switchMatrix.js';

describe('a replica on platforms that do all that public facts leave open', () => {
  // The first loads by query, the second by search.
  it.each(mixedPlatforms.map(([name, behaviour], at) => [name, behaviour, at] as const))(
    '%s: loads and follows',
    (_, behaviour, at) => replicates(behaviour, 2 + at),
    120_000,
  );
});
