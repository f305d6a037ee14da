import { describe, expect, it } from '@jest/globals';
import { readJson, writeJson } from '../../src/index.js';

describe('readJson and writeJson', () => {
  it.each([
    '{"n":9007199254740993}',
    '[-9223372036854775808,9223372036854775807,12345678901234567890123]',
    '{"text":"9007199254740993 \\"9007199254740993\\" \\\\","n":[1,9007199254740991,2]}',
    '{"__proto__":{"n":9007199254740993},"constructor":1}',
  ])('keeps every digit of %s', (text) => {
    expect(writeJson(readJson(text))).toBe(text);
  });

  it('makes bigints of what a double cannot hold, and of nothing else', () => {
    expect(readJson('[9007199254740993,9007199254740991,1.12345678901234567,1e400,"9007199254740993"]')).toEqual([
      9007199254740993n,
      9007199254740991,
      1.1234567890123457,
      Infinity,
      '9007199254740993',
    ]);
  });

  it('refuses what is no JSON', () => {
    expect(() => readJson('{"n":9007199254740993,}')).toThrow(SyntaxError);
  });
});
