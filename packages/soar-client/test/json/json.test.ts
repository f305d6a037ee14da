import { describe, expect, it } from '@jest/globals';
import { parseJson, writeJson } from '../../src/index.js';

describe('parseJson', () => {
  it.each<[string, unknown]>([
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', 9007199254740992n],
    ['9007199254740993', 9007199254740993n],
    ['-9007199254740993', -9007199254740993n],
    ['{"a":[1,18446744073709551615]}', { a: [1, 18446744073709551615n] }],
    ['{"a" :\n9007199254740993 }', { a: 9007199254740993n }],
    ['9007199254740993.0', 9007199254740993n],
    ['900719925474099.3e1', 9007199254740993n],
    ['1e16', 10000000000000000n],
    ['1E+16', 10000000000000000n],
    ['1e3', 1000],
    ['12345678901234567890123.5', 12345678901234567890123.5],
    ['0.12345678901234567890', 0.12345678901234568],
    ['1e-400', 0],
    ['"9007199254740993"', '9007199254740993'],
    ['{"text":": 9007199254740993, 1e400"}', { text: ': 9007199254740993, 1e400' }],
    ['[1720000000000, 1.5, -0.1, true, null]', [1720000000000, 1.5, -0.1, true, null]],
  ])('%s keeps its value', (text, value) => {
    expect(parseJson(text)).toStrictEqual(value);
  });

  it('never makes Infinity: 1e400 is the whole number it says, and what nobody can mean is refused', () => {
    expect(parseJson('{"n":1e400}')).toEqual({ n: 10n ** 400n });
    expect(parseJson('-1.5e309')).toBe(-15n * 10n ** 308n);
    for (const text of ['1e5000', '1e99999999999999999999', `${'9'.repeat(400)}.5`, '1'.repeat(2_000)]) {
      expect(() => parseJson(text)).toThrow(SyntaxError);
    }
  });

  it('is JSON.parse where a large number is about: last of equal keys, own __proto__, no broken text', () => {
    expect(parseJson('{"a":1,"a":9007199254740993}')).toEqual({ a: 9007199254740993n });
    const odd = parseJson('{"__proto__":{"x":1},"n":9007199254740993}') as object;
    expect(Object.keys(odd)).toEqual(['__proto__', 'n']);
    expect((odd as { x?: unknown }).x).toBeUndefined();
    for (const text of ['{"n":9007199254740993', '[9007199254740993,]', '9007199254740993 x', '09007199254740993']) {
      expect(() => parseJson(text)).toThrow(SyntaxError);
    }
    expect(() => parseJson(`${'['.repeat(200_000)}9007199254740993${']'.repeat(200_000)}`)).toThrow(SyntaxError);
  });
});

describe('writeJson', () => {
  it('writes whole numbers as such, whatever their size', () => {
    const text = '{"a":[9007199254740993,-18446744073709551615],"b":"ü\\n","c":null,"d":1.5}';
    expect(writeJson(parseJson(text))).toBe(text);
    expect(writeJson({ n: 10n ** 400n })).toBe(`{"n":1${'0'.repeat(400)}}`);
    expect(writeJson({ n: 9007199254740993n, skipped: undefined }, 2)).toBe('{\n  "n": 9007199254740993\n}');
  });

  it('is JSON.stringify for all else, its refusals included', () => {
    const value = { a: [undefined, Number.NaN], at: new Date(0), half: '\ud800' };
    expect(writeJson(value)).toBe(JSON.stringify(value));
    const circle: { self?: unknown } = {};
    circle.self = circle;
    expect(() => writeJson(circle)).toThrow(TypeError);
  });
});
