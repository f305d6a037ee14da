import { expect, it } from '@jest/globals';
import { draw, kinds } from '../src/index.js';

it('every seed draws a story of known kinds, and every kind is drawn', () => {
  const drawn = Array.from({ length: 200 }, (_, seed) => draw(seed).kinds).flat();
  expect([...new Set(drawn)].sort()).toEqual(Object.keys(kinds).sort());
});

it('the same seed draws the same story', () => {
  expect(draw(11)).toEqual(draw(11));
  expect(draw(11)).not.toEqual(draw(12));
});
