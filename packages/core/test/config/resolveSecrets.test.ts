import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rawValues } from '../../src/config/RawValues.js';
import { resolveSecrets } from '../../src/config/resolveSecrets.js';
import type { RawValue } from '../../src/config/RawValues.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'secrets-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function resolve(
  text: string,
  env: Record<string, string>,
  secretsFolder?: string,
): { value: RawValue; told: string[] } {
  const told: string[] = [];
  const values = resolveSecrets(rawValues({ key: text }), {
    env,
    remember: (secret) => told.push(secret),
    ...(secretsFolder === undefined ? {} : { folder: secretsFolder }),
  });
  return { value: values.get('key') ?? { text: 'gone' }, told };
}

describe('resolveSecrets', () => {
  it.each([
    ['$PW', 'geheim'],
    ['${PW}', 'geheim'],
    ['https://me:${PW}@host/${PW}', 'https://me:geheim@host/geheim'],
  ])('replaces %s', (text, expected) => {
    const { value, told } = resolve(text, { PW: 'geheim' });
    expect(value).toEqual({ text: expected, fromSecret: true });
    expect(new Set(told)).toEqual(new Set(['geheim']));
  });

  it.each(['pa$$word', '100$', '$100', 'abc$HOME', '$HOME/x', 'a^b', '^', '$', '${', '$-x'])(
    'leaves %s as it is',
    (text) => {
      expect(resolve(text, { HOME: '/root', word: 'w' })).toEqual({ value: { text }, told: [] });
    },
  );

  it('puts a secret in literally, whatever characters it has', () => {
    expect(resolve('${A}${B}', { A: '$&${B}', B: 'b' }).value.text).toBe('$&${B}b');
  });

  it.each(['$PW', '${PW}', 'x${PW}y'])('marks %s when nothing is set', (text) => {
    const { value } = resolve(text, { PW: '' });
    expect(value.text).toBe(text);
    expect(value.unresolved).toContain('$PW is not set in the environment');
  });

  it('prefers a secret file, without its line end', () => {
    writeFileSync(join(folder, 'PW'), 'from file\n');
    expect(resolve('$PW', { PW: 'from env' }, folder).value.text).toBe('from file');
    expect(resolve('$OTHER', { OTHER: 'from env' }, folder).value.text).toBe('from env');
  });

  it.each([
    ['JWE', 'eyJhbGciOiJkaXIifQ..aXY.Y2lwaGVy.dGFn', 'is encrypted'],
    ['EMPTY', '', 'is empty'],
  ])('says what to do about a secret file %s', (name, content, expected) => {
    writeFileSync(join(folder, name), content);
    const { value, told } = resolve(`$${name}`, {}, folder);
    expect(value.unresolved).toContain(expected);
    expect(value.unresolved).not.toContain('eyJ');
    expect(told).toEqual([]);
  });

  it.each(['^PW', '^{PW}', 'a^{PW}b'])('refuses the password manager reference %s', (text) => {
    expect(resolve(text, { PW: 'x' }).value.unresolved).toContain('password manager');
  });
});
