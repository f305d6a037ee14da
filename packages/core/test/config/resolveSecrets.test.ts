import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rawValues } from '../../src/config/RawValues.js';
import { parseSecretCommand } from '../../src/config/parseSecretCommand.js';
import { PasswordManager } from '../../src/config/PasswordManager.js';
import type { PasswordManagerOptions } from '../../src/config/PasswordManager.js';
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

  it('reads what systemd hands over', () => {
    writeFileSync(join(folder, 'CREDENTIAL'), 'from systemd\n');
    expect(resolve('$CREDENTIAL', { CREDENTIALS_DIRECTORY: folder }).text).toBe('from systemd');
  });
});

describe('a reference to a password manager', () => {
  const asked = (text: string, options: Partial<PasswordManagerOptions>, section = 'mirror'): RawValue => {
    const sources = { env: { PATH: process.env['PATH'], PW: 'from env' }, type: 'Keyring', command: [], ...options };
    return resolve(text, {}, { passwordManager: new PasswordManager(sources), section });
  };
  /** A program that counts its calls in a file beside it. */
  const program = (name: string, body: string): string => {
    const file = join(folder, name);
    writeFileSync(file, `#!/bin/sh\necho "$@" >> '${file}.calls'\n${body}\n`, { mode: 0o700 });
    return file;
  };
  const callsOf = (file: string): string[] => readFileSync(`${file}.calls`, 'utf8').split('\n').filter(Boolean);

  it.each([
    ['^PW', 'from env'],
    ['^{PW}', 'from env'],
    ['https://a:^{PW}@b', 'https://a:from env@b'],
  ])('is read from the environment without a command: %s', (text, expected) => {
    expect(asked(text, {})).toEqual({ text: expected, secrets: ['from env'] });
  });

  it('is read from a file first', () => {
    writeFileSync(join(folder, 'vaulted'), 'from file');
    expect(asked('^vaulted', { folder }).text).toBe('from file');
  });

  it.each([
    ['Keyring', 'secret-tool lookup service {service} username {name}'],
    ['resilient_app_config_plugins.plugins.hashicorp.HashiCorpVault', 'vault kv get'],
    ['cyberark.CyberArk', 'its command-line client'],
  ])('says which of %s cannot be had, and what to do', (type, advice) => {
    const value = asked('^other', { type });
    expect(value.text).toBe('^other');
    expect(value.unresolved).toContain('^other is not set in the environment');
    expect(value.unresolved).toContain(`(pam_type=${type}) cannot be asked from here: set [resilient] secret_command`);
    expect(value.unresolved).toContain(advice);
  });

  it('is what the command prints: asked once, without a shell, by name, section and service', () => {
    const file = program('vault', 'printf "%s\\n" "s3cret of $3"');
    const command = [file, 'get', '{service}/{section}', '{name}'];
    const manager = new PasswordManager({ env: { PW: 'unused' }, type: '', command });
    const hostile = '$(touch /tmp/x); `id` a b';
    const values = rawValues({ one: '^PW', again: '^{PW}', hostile: `^${hostile}` });
    const all = resolveSecrets(values, { env: {}, passwordManager: manager, section: 'resilient' });
    expect(all.get('one')).toEqual({ text: `s3cret of PW`, secrets: ['s3cret of PW'] });
    expect(all.get('again')?.text).toBe('s3cret of PW');
    expect(all.get('hostile')?.text).toBe(`s3cret of ${hostile}`);
    expect(manager.read('PW', 'mirror')).toEqual({ value: 's3cret of PW' });
    expect(callsOf(file)).toEqual(['get _/resilient PW', `get _/resilient ${hostile}`, 'get mirror/mirror PW']);
  });

  it('is the last argument of a command without a place for it', () => {
    expect(asked('^PW', { command: [program('plain', 'printf "%s" "got $1"')] }).text).toBe('got PW');
  });

  it.each([
    ['fails', 'echo s3cret >&2; echo s3cret; exit 3', /ends with 3; run it by hand/],
    ['empty', 'exit 0', /prints nothing/],
    ['floods', 'yes s3cret', /prints more than a secret/],
  ])('is refused without a word of its output if the command %s', (name, body, says) => {
    const value = asked('^PW', { command: [program(name, body)] });
    expect(value.unresolved).toMatch(says);
    expect(JSON.stringify(value)).not.toContain('s3cret');
  });

  it('names a program that is not there, and gives none a name that looks like an option', () => {
    expect(asked('^PW', { command: ['/no/such/vault'] }).unresolved).toMatch(/names the program \/no\/such\/vault/);
    const file = program('never', 'echo x');
    expect(asked('^--help', { command: [file] }).unresolved).toMatch(/begins with "-"/);
    expect(existsSync(`${file}.calls`)).toBe(false);
  });
});

describe('a command for secrets', () => {
  it.each([
    ['vault kv get  -field={name} a/b', ['vault', 'kv', 'get', '-field={name}', 'a/b']],
    ['["C:\\\\Program Files\\\\v.exe", "{name}"]', ['C:\\Program Files\\v.exe', '{name}']],
  ])('is read from %s', (text, words) => expect(parseSecretCommand(text)).toEqual(words));

  it.each(['["a", 1]', '[]', '[a'])('is refused as %s', (text) =>
    expect(() => parseSecretCommand(text)).toThrow(/accepted: a program and its arguments/),
  );
});
