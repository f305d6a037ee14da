import { expect, it } from '@jest/globals';
import { leftBehind } from '../src/oracles/leftBehind.js';

it.each<[string, readonly string[], boolean]>([
  ['was always in a workspace that feeds', ['Fed', 'Other'], false],
  ['began in the one that does not', ['Unfed', 'Fed'], false],
  ['is in the one that does not', ['Unfed'], true],
  ['was there meanwhile', ['Fed', 'Unfed', 'Fed'], true],
  ['came back there', ['Unfed', 'Fed', 'Unfed'], true],
])('an incident that %s', (_name, turns, isLeft) => {
  expect(leftBehind(new Map([[1, turns]]), 'Unfed').has(1)).toBe(isLeft);
});
