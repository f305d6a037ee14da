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
    [
      String.raw`{"\"":"\\","a\\\"1e16,":[1e16,"\\",10000000000000001]}`,
      { '"': '\\', 'a\\"1e16,': [10n ** 16n, '\\', 10n ** 16n + 1n] },
    ],
    [
      '[10000000000000001,10000000000000002,"",10000000000000003]',
      [10n ** 16n + 1n, 10n ** 16n + 2n, '', 10n ** 16n + 3n],
    ],
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

  it('takes no more memory for a large number than the text itself does', () => {
    const body = 'x'.repeat(8_000_000);
    const text = `{"n":9007199254740993,"body":"${body}"}`;
    const before = process.memoryUsage().heapUsed;
    const parsed = parseJson(text);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(80_000_000);
    expect(parsed).toEqual({ n: 9007199254740993n, body });
  });

  it('is JSON.parse for whatever JSON.stringify writes, but for large numbers', () => {
    // Any sequence that is the same each time.
    let seed = 7;
    const next = (below: number): number => (seed = (seed * 16_807) % 2_147_483_647) % below;
    const pieces = ['"', '\\', ',', ':', '1e16', '12345678901234567', '\n', 'é', '\ud800', '[', '}'];
    const text = (): string => Array.from({ length: next(6) }, () => pieces[next(pieces.length)]).join('');
    const value = (depth: number): unknown => {
      const kind = next(depth > 3 ? 3 : 5);
      if (kind === 0) return text();
      if (kind === 1) return next(1_000) / 8;
      if (kind === 2) return BigInt(Number.MAX_SAFE_INTEGER) + BigInt(1 + next(1_000));
      if (kind === 3) return Array.from({ length: next(4) }, () => value(depth + 1));
      return Object.fromEntries(Array.from({ length: next(4) }, () => [text(), value(depth + 1)]));
    };
    for (let round = 0; round < 2_000; round += 1) {
      const made = value(0);
      expect(parseJson(writeJson(made))).toStrictEqual(made);
    }
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
