import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rawValues } from '../../src/config/RawValues.js';
import { resolveSecrets } from '../../src/config/resolveSecrets.js';
import type { SecretSources } from '../../src/config/resolveSecrets.js';
import type { RawValue } from '../../src/config/RawValues.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'secrets-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function resolve(text: string, env: Record<string, string>, more: Partial<SecretSources> = {}): RawValue {
  return resolveSecrets(rawValues({ key: text }), { env, ...more }).get('key') ?? { text: 'gone' };
}

describe('resolveSecrets', () => {
  it.each([
    ['$PW', 'geheim', 1],
    ['${PW}', 'geheim', 1],
    ['https://me:${PW}@host/${PW}', 'https://me:geheim@host/geheim', 2],
    ['$API-KEY', 'key', 1],
    ['${API-KEY}', 'key', 1],
    ['$api.key', 'dot', 1],
    ['$', '$', 0],
  ])('replaces %s, whatever the name is made of', (text, expected, count) => {
    const value = resolve(text, { PW: 'geheim', 'API-KEY': 'key', 'api.key': 'dot' });
    expect(value.text).toBe(expected);
    expect(value.secrets ?? []).toHaveLength(count);
    expect(value.unresolved).toBeUndefined();
  });

  it.each(['pa$$word', '100$', 'abc$HOME', 'a^b', '^', '$', '${', '^PW', '^{PW}', 'a^{PW}b'])(
    'leaves %s as it is',
    (text) => expect(resolve(text, { HOME: '/root', word: 'w', PW: 'x' })).toEqual({ text }),
  );

  // IBM would send each of them as written.
  it.each([
    ['$API-KEY', '$API-KEY'],
    ['${API-KEY}', '$API-KEY'],
    ['x${no name}y', '$no name'],
    ['${}', '$'],
    ['$HOME/x', '$HOME/x'],
    ['$100', '$100'],
    ['$$PW', '$$PW'],
    ['$constructor', '$constructor'],
    ['$__proto__', '$__proto__'],
    ['${toString}', '$toString'],
  ])('refuses %s, which names nothing, by its name', (text, name) => {
    const value = resolve(text, { HOME: '/root', PW: 'geheim', API: 'no' });
    expect(value.text).toBe(text);
    expect(value.unresolved).toContain(`${name} is not set in the environment`);
  });

  it('puts a secret in literally, whatever characters it has', () => {
    expect(resolve('${A}${B}', { A: '$&${B}', B: 'b' }).text).toBe('$&${B}b');
  });

  it.each(['$PW', '${PW}', 'x${PW}y'])('marks %s when nothing is set', (text) => {
    const value = resolve(text, { PW: '' });
    expect(value.text).toBe(text);
    expect(value.unresolved).toContain('$PW is not set in the environment');
  });

  it.each([
    ['PW', 'from file\n'],
    ['WINDOWS', '\uFEFFfrom file\r\n\r\n'],
    ['API-KEY', 'from file'],
  ])('prefers a secret file %s, without its line ends', (name, content) => {
    writeFileSync(join(folder, name), content);
    expect(resolve(`$${name}`, { [name]: 'from env' }, { folder }).text).toBe('from file');
    expect(resolve('$OTHER', { OTHER: 'from env' }, { folder }).text).toBe('from env');
  });

  it('reads no file outside the folder', () => {
    const secrets = join(folder, 'inner');
    mkdirSync(secrets);
    writeFileSync(join(folder, 'outside'), 'not yours');
    expect(resolve('$../outside', {}, { folder: secrets }).unresolved).toContain('$../outside is not set');
    expect(resolve('$..', {}, { folder: secrets }).unresolved).toContain('$.. is not set');
  });

  it.each([
    ['JWE', 'eyJhbGciOiJkaXIifQ..aXY.Y2lwaGVy.dGFn', 'is encrypted'],
    ['EMPTY', '\n', 'is empty'],
  ])('says what to do about a secret file %s', (name, content, expected) => {
    writeFileSync(join(folder, name), content);
    const value = resolve(`$${name}`, {}, { folder });
    expect(value.unresolved).toContain(expected);
    expect(value.unresolved).not.toContain('eyJ');
    expect(value.secrets).toBeUndefined();
  });

  it.each(['^PW', '^{PW}', 'a^{PW}b', '^pass word'])('refuses %s beside pam_type', (text) => {
    const value = resolve(text, { PW: 'x' }, { passwordManager: true });
    expect(value.unresolved).toContain('password manager');
  });
});
