import { describe, expect, it } from '@jest/globals';
import { switchPositions } from '@soar-feed/soar-simulator';
import { pairwise } from './pairwise.js';

describe('pairwise', () => {
  it('takes few rows', () => {
    expect(pairwise(switchPositions).length).toBeLessThanOrEqual(30);
  });

  it('has every two positions of any two factors in one row', () => {
    const factors = { a: ['x', 'y', 'z'], b: [true, false], c: [1], d: [1, 2, 3] };
    const rows: readonly Readonly<Record<string, unknown>>[] = pairwise(factors);
    const names = Object.keys(factors) as (keyof typeof factors)[];
    for (const a of names) {
      for (const b of names.filter((name) => name > a)) {
        for (const i of factors[a]) {
          for (const j of factors[b]) {
            expect(rows.filter((row) => row[a] === i && row[b] === j).length).toBeGreaterThan(0);
          }
        }
      }
    }
  });
});
