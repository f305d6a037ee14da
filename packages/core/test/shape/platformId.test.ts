import { describe, expect, it } from '@jest/globals';
import { DecodeError } from '../../src/contract/errors.js';
import { isPlatformId, optionalPlatformId, platformId } from '../../src/contract/platformId.js';

const odd: readonly (readonly [unknown, string])[] = [
  [Infinity, 'Infinity'],
  [NaN, 'NaN'],
  [1.5, '1.5'],
  [-5, '-5'],
  [0, '0'],
  ['7', '"7"'],
  [2 ** 53, '9007199254740992'],
  [9_007_199_254_740_993n, '9007199254740993'],
  [7n, '7'],
  [true, 'true'],
  [null, 'null'],
  [undefined, 'undefined'],
  [{ id: 7 }, 'an object'],
  [[7], 'a list'],
];

describe('an id of the platform', () => {
  it.each(odd)('is not %p', (value, said) => {
    expect(isPlatformId(value)).toBe(false);
    const failure = (() => {
      try {
        return platformId(value, 'The id of the note');
      } catch (error) {
        return error;
      }
    })();
    expect(failure).toBeInstanceOf(DecodeError);
    expect(failure).toMatchObject({
      code: 'odd-id',
      message: `The id of the note is ${said}; an id is a whole number from 1 to 9007199254740991.`,
    });
  });

  it('is any whole number that a double holds', () => {
    for (const id of [1, 4517, Number.MAX_SAFE_INTEGER]) expect(platformId(id, 'x')).toBe(id);
  });

  it('may be missing where it is a reference', () => {
    for (const none of [null, undefined, 0]) expect(optionalPlatformId(none, 'x')).toBeUndefined();
    expect(optionalPlatformId(7, 'x')).toBe(7);
    for (const bad of [-1, 1.5, '', '7']) expect(() => optionalPlatformId(bad, 'x')).toThrow(DecodeError);
  });

  it('that is endless is told in short', () => {
    expect(() => platformId('9'.repeat(10_000), 'x')).toThrow(/^x is "9{40}…"; an id/);
  });
});
