import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { matchesWildcard } from '../../src/config/matchesWildcard.js';

/** The same in another way: Python's `fnmatch.translate`, which turns the pattern into a regular expression. */
function byExpression(pattern: string, text: string): boolean {
  let expression = '';
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern.charAt(at);
    if (character === '*') expression += '[^]*';
    else if (character === '?') expression += '[^]';
    else if (character === '[') {
      let end = at + 1;
      if (pattern[end] === '!') end++;
      if (pattern[end] === ']') end++;
      while (end < pattern.length && pattern[end] !== ']') end++;
      if (end >= pattern.length) expression += '\\[';
      else {
        const negated = pattern[at + 1] === '!';
        expression += setExpression(pattern.slice(at + (negated ? 2 : 1), end), negated);
        at = end;
      }
    } else expression += escaped(character);
  }
  return new RegExp(`^${expression}$`).test(text);
}

function setExpression(set: string, negated: boolean): string {
  let inside = '';
  for (let at = 0; at < set.length; at++) {
    if (set[at + 1] === '-' && at + 2 < set.length) {
      // A range that runs backwards holds nothing.
      if (set.charAt(at) <= set.charAt(at + 2)) inside += `${escaped(set.charAt(at))}-${escaped(set.charAt(at + 2))}`;
      at += 2;
    } else inside += escaped(set.charAt(at));
  }
  return `[${negated ? '^' : ''}${inside}]`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

describe('wildcards', () => {
  it.each([
    ['*', '', true],
    ['', '', true],
    ['', 'a', false],
    ['a', '', false],
    ['?', '', false],
    ['a*', 'a', true],
    ['*a', 'ba', true],
    ['a**', 'abc', true],
    ['a*c', 'abcbc', true],
    ['a*c', 'abcb', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['[abc]x', 'bx', true],
    ['[a-c]x', 'dx', false],
    ['[a-c]x', 'cx', true],
    ['[!a-c]x', 'dx', true],
    ['[!a-c]x', 'ax', false],
    ['[]]', ']', true],
    ['[!]]', ']', false],
    ['[!]]', 'a', true],
    ['[a-]', '-', true],
    ['[-a]', '-', true],
    ['[a', '[a', true],
    ['[a', 'a', false],
    ['[', '[', true],
    ['A*', 'abc', false],
  ])('%j takes %j: %s', (pattern, text, expected) => {
    expect(matchesWildcard(pattern, text)).toBe(expected);
    expect(byExpression(pattern, text)).toBe(expected);
  });

  it('are those of Python’s fnmatch', () => {
    const pattern = fc.string({ unit: fc.constantFrom(...'ab-!?*[]'), maxLength: 9 });
    const text = fc.string({ unit: fc.constantFrom(...'ab-!]'), maxLength: 6 });
    fc.assert(
      fc.property(pattern, text, (pattern, text) => {
        expect(matchesWildcard(pattern, text)).toBe(byExpression(pattern, text));
      }),
      { numRuns: 5_000 },
    );
  });
});
