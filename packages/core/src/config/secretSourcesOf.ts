import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { field } from './field.js';
import { COMMAND_ACCEPTS, parseSecretCommand } from './parseSecretCommand.js';
import { PasswordManager } from './PasswordManager.js';
import type { AppConfig } from './readAppConfig.js';
import { resolveSecrets } from './resolveSecrets.js';
import type { SecretSources } from './resolveSecrets.js';

/** The keys of `[resilient]` that say where secrets are. They are read before all others. */
export const secretFields = {
  secrets_folder: field
    .path({
      doc: 'Folder of secret files: $NAME and ^NAME are looked for there, then in the environment; default: /etc/secrets in a container of App Host.',
    })
    .optional(),
  secret_command: field
    .parsed(parseSecretCommand, {
      accepts: COMMAND_ACCEPTS,
      doc: 'Program that prints the secret of ^NAME; {name}, {section} and {service} (_ for [resilient]) are filled in. It runs without a shell, for 10 seconds at most.',
    })
    .optional(),
};

interface Given {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Instead of what the file says. */
  readonly folder: string | undefined;
}

/** Where the secrets of a file are. What is wrong with these keys is reported with the others of their section. */
export function secretSourcesOf(config: AppConfig, base: string, { env, folder: given }: Given): SecretSources {
  const plain = { env, ...(given === undefined ? {} : { folder: given }) };
  const values = resolveSecrets(config.sections.get('resilient')?.values ?? new Map(), plain);
  const textOf = (key: string): string => values.get(key)?.text ?? '';
  const named = textOf('secrets_folder');
  const folder = given ?? (named === '' ? undefined : absolute(named, base));
  const sources = { env, ...(folder === undefined ? {} : { folder }) };
  const type = textOf('pam_type');
  const command = textOf('secret_command');
  if (type === '' && command === '') return sources;
  return { ...sources, passwordManager: new PasswordManager({ ...sources, type, command: wordsOf(command) }) };
}

function absolute(path: string, base: string): string {
  return /^~($|[/\\])/.test(path) ? join(homedir(), path.slice(1)) : resolve(base, path);
}

function wordsOf(command: string): readonly string[] {
  try {
    return parseSecretCommand(command);
  } catch {
    return [];
  }
}
