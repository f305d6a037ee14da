import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readAppConfig } from '../../src/config/readAppConfig.js';
import type { AppConfig } from '../../src/config/readAppConfig.js';

interface Case {
  readonly text: string;
  readonly sections?: Record<string, Record<string, string>>;
  readonly error?: string;
}

/** Texts with what Python 3.11's ConfigParser(interpolation=None) made of them, read as UTF-8 with universal newlines. */
const CASES = JSON.parse(readFileSync(new URL('./fixtures/configparser.json', import.meta.url), 'utf8')) as Case[];

function sectionsOf(config: AppConfig): Record<string, Record<string, string>> {
  return Object.fromEntries(
    [...config.sections].map(([name, { values }]) => [
      name,
      Object.fromEntries([...values].map(([key, { text }]) => [key, text])),
    ]),
  );
}

describe('readAppConfig', () => {
  it('reads what Python reads', () => {
    const good = CASES.filter((one) => one.sections !== undefined);
    expect(good.length).toBeGreaterThan(50);
    for (const { text, sections } of good) {
      const config = readAppConfig(text, 'app.config');
      expect({ text, issues: config.issues, sections: sectionsOf(config) }).toEqual({ text, issues: [], sections });
    }
  });

  it('has an issue wherever Python refuses the file', () => {
    const bad = CASES.filter((one) => one.error !== undefined);
    expect(bad.length).toBeGreaterThan(50);
    for (const { text } of bad) {
      expect({ text, refused: readAppConfig(text, 'app.config').issues.length > 0 }).toEqual({ text, refused: true });
    }
  });

  it('tolerates a byte order mark', () => {
    expect(sectionsOf(readAppConfig('\uFEFF[a]\nk=1', 'f'))).toEqual({ a: { k: '1' } });
  });

  it('collects every fault with its section, key and line, and never quotes a line', () => {
    const text = 'early=1\n[a]\nk=1\nmypassword\nk=2\n[b]\n[a]\n';
    expect(readAppConfig(text, '/etc/x/app.config').issues).toEqual([
      { section: 'app.config', problem: expect.stringContaining('line 1 stands before the first [section]') },
      { section: 'a', problem: expect.stringContaining('line 4 is neither') },
      { section: 'a', key: 'k', problem: 'is set at line 3 and again at line 5; keep one' },
      { section: 'a', problem: 'the section starts at line 2 and again at line 7; join the two' },
    ]);
  });

  it('knows the line of every section and value, and what came from [DEFAULT]', () => {
    const { sections } = readAppConfig('[DEFAULT]\nd=1\n\n[a]\n# c\nk=1\n', 'f');
    expect(sections.get('a')?.line).toBe(4);
    expect(sections.get('a')?.values.get('k')).toEqual({ text: '1', line: 6 });
    expect(sections.get('a')?.values.get('d')).toEqual({ text: '1', line: 2, inherited: true });
  });

  it('gives back any section that is written down', () => {
    const key = fc.stringMatching(/^[a-z][a-z0-9_. -]{0,10}[a-z]$/);
    // A value may hold anything but line ends and outer white space.
    const value = fc
      .string({ unit: 'grapheme', maxLength: 30 })
      .filter((text) => text === text.trim() && !/[\n\r\x1c-\x1f\x85\ufeff]/.test(text));
    const file = fc.dictionary(fc.stringMatching(/^[a-z][a-z:_]{0,8}$/), fc.dictionary(key, value), { minKeys: 1 });
    fc.assert(
      fc.property(file, (sections) => {
        const text = Object.entries(sections)
          .map(
            ([name, keys]) =>
              `[${name}]\n${Object.entries(keys)
                .map(([k, v]) => `${k} = ${v}\n`)
                .join('')}`,
          )
          .join('');
        const config = readAppConfig(text, 'f');
        expect(config.issues).toEqual([]);
        expect(sectionsOf(config)).toEqual(sections);
      }),
    );
  });
});
