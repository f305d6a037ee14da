import { describe, expect, it } from '@jest/globals';
import { ExcludedFields } from '../../src/fields/ExcludedFields.js';
import { matchesWildcard } from '@soar-feed/core';

describe('ExcludedFields', () => {
  const exclude = new ExcludedFields(' pii; gdpr ;city;*_internal;properties.secret_?;hipaa.hipaa_b[ra]*; ');

  it.each([
    ['data_compromised', 'pii', true],
    ['gdpr_breach_type', 'gdpr', true],
    ['city', undefined, true],
    ['city', 'properties', true],
    ['notes_internal', 'properties', true],
    ['secret_1', 'properties', true],
    ['secret_1', undefined, false],
    ['secret_10', 'properties', false],
    ['hipaa_breach', 'hipaa', true],
    ['hipaa_misused', 'hipaa', false],
    ['City', undefined, false],
    ['name', undefined, false],
  ])('%s in %s: %s', (name, section, expected) => {
    expect(exclude.has(name, section)).toBe(expected);
  });

  it('excludes nothing when empty', () => {
    expect(ExcludedFields.none.has('name')).toBe(false);
    expect(new ExcludedFields(' ; ').has('', 'pii')).toBe(false);
  });
});

describe('matchesWildcard', () => {
  it.each([
    ['*', '', true],
    ['a*b*c', 'aXbYbZc', true],
    ['a*b*c', 'aXbYb', false],
    ['a?c', 'ac', false],
    ['[!a-c]x', 'dx', true],
    ['[!a-c]x', 'bx', false],
    ['[]x]', ']', true],
    ['[abc', '[abc', true],
    ['a.c', 'abc', false],
    ['', '', true],
    ['', 'a', false],
  ])('%s against %j: %s', (pattern, text, expected) => {
    expect(matchesWildcard(pattern, text)).toBe(expected);
  });

  it('stays fast on a pattern made to be slow', () => {
    const started = performance.now();
    expect(matchesWildcard('*a'.repeat(30) + 'b', 'a'.repeat(5000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
