import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RawValue, RawValues } from './RawValues.js';

export interface SecretSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder of secret files; default `/etc/secrets` when `APP_HOST_CONTAINER` is set, else none. */
  readonly folder?: string;
  /** `[resilient] pam_type` is set: only then does `^NAME` mean a password manager to IBM. */
  readonly passwordManager?: boolean;
}

/**
 * Replaces references to secrets, by IBM's rule (resilient-python-api `app_config`): `${NAME}` anywhere in a value,
 * else `$NAME` if the value starts with it, whatever characters the name has. So `pa$$word`, `100$` and `abc$HOME` stay
 * as they are. A reference that names nothing keeps its text and is marked `unresolved`. `validateSection` reports it
 * if it knows the key; IBM would log in with the literal `$NAME`.
 */
export function resolveSecrets(values: RawValues, sources: SecretSources): RawValues {
  return new Map([...values].map(([key, value]) => [key, resolveOne(value, sources)]));
}

const WHOLE = /^\$([^{].*)$/s;
const BRACED = /\$\{([^{}]*)\}/g;
/** IBM's references to a password manager (PAM plug-ins). */
const PAM = /^\^.|\^\{/;

function resolveOne(value: RawValue, sources: SecretSources): RawValue {
  if (sources.passwordManager === true && PAM.test(value.text)) {
    return {
      ...value,
      unresolved:
        'a reference to a password manager (^NAME) is not supported; put the secret in an environment variable and write $NAME (without pam_type, ^ has no meaning)',
    };
  }
  const problems: string[] = [];
  const secrets: string[] = [];
  const lookUp = (reference: string, name: string): string => {
    const secret = readSecret(name, sources);
    if ('problem' in secret) problems.push(secret.problem);
    else secrets.push(secret.value);
    return 'value' in secret ? secret.value : reference;
  };
  const pattern = value.text.includes('${') ? BRACED : WHOLE;
  const text = value.text.replace(pattern, lookUp);
  return {
    ...value,
    text,
    ...(secrets.length === 0 ? {} : { secrets }),
    ...(problems.length === 0 ? {} : { unresolved: problems.join('; ') }),
  };
}

/** IBM's App Host mounts protected secrets here. */
const SECRETS_FOLDER = '/etc/secrets';
/** Compact JWE: five parts, of which the second and fourth may be empty; the first is base64url of `{"`. */
const JWE = /^eyJ[\w-]*\.[\w-]*\.[\w-]*\.[\w-]*\.[\w-]*$/;

function readSecret(name: string, sources: SecretSources): { value: string } | { problem: string } {
  const folder = sources.folder ?? (sources.env['APP_HOST_CONTAINER'] ? SECRETS_FOLDER : undefined);
  const file = folder === undefined || !isFileName(name) ? undefined : join(folder, name);
  if (file !== undefined && existsSync(file)) return readSecretFile(name, file);
  const value = Object.hasOwn(sources.env, name) ? sources.env[name] : undefined;
  // An empty variable is far more often a mistake than a secret that is meant to be empty.
  if (value !== undefined && value !== '') return { value };
  const where = file === undefined ? 'the environment' : `the environment, and ${file} does not exist`;
  const advice = 'set it (a value that itself starts with $ goes into a variable, too)';
  return { problem: `$${name} is not set in ${where}; ${advice}` };
}

/** Whether the name stays inside the folder: a name with a slash would lead elsewhere. */
function isFileName(name: string): boolean {
  return name !== '' && !/[/\\\0]/.test(name) && name !== '.' && name !== '..';
}

function readSecretFile(name: string, file: string): { value: string } | { problem: string } {
  let value: string;
  try {
    // `echo` and editors leave line ends, and some editors a byte order mark.
    value = readFileSync(file, 'utf8')
      .replace(/^\uFEFF/, '')
      .replace(/[\r\n]+$/, '');
  } catch (error) {
    return {
      problem: `$${name}: ${file} cannot be read (${(error as NodeJS.ErrnoException).code}); fix its permissions`,
    };
  }
  if (value === '') return { problem: `$${name}: ${file} is empty; write the secret into it` };
  if (!JWE.test(value)) return { value };
  return {
    problem: `$${name}: ${file} is encrypted (IBM's JWE form), which is not supported; mount it in plain text, or remove it and set the environment variable ${name}`,
  };
}
