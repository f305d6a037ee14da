import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A secret, or why it cannot be read and what to do. */
export type FoundSecret = { readonly value: string } | { readonly problem: string };

export interface PlainSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder of secret files; default `/etc/secrets` when `APP_HOST_CONTAINER` is set, else none. */
  readonly folder?: string;
}

/** IBM's App Host mounts protected secrets here. */
const SECRETS_FOLDER = '/etc/secrets';
/** Compact JWE: five parts, of which the second and fourth may be empty; the first is base64url of `{"`. */
const JWE = /^eyJ[\w-]*\.[\w-]*\.[\w-]*\.[\w-]*\.[\w-]*$/;

/** Reads a secret file, else the environment. `reference` is how the config writes it. */
export function readSecret(name: string, reference: string, sources: PlainSources): FoundSecret {
  const files = isFileName(name) ? foldersOf(sources).map((folder) => join(folder, name)) : [];
  const file = files.find((candidate) => existsSync(candidate));
  if (file !== undefined) return readSecretFile(name, reference, file);
  const value = Object.hasOwn(sources.env, name) ? sources.env[name] : undefined;
  // An empty variable is far more often a mistake than a secret that is meant to be empty.
  if (value !== undefined && value !== '') return { value };
  const missing = files.map((candidate) => `, and ${candidate} does not exist`).join('');
  const advice = 'set it (a value that itself starts with $ goes into a variable, too)';
  return { problem: `${reference} is not set in the environment${missing}; ${advice}` };
}

/** The second is where systemd puts the files of `LoadCredential=`. */
function foldersOf({ env, folder }: PlainSources): readonly string[] {
  const mounted = folder ?? (env['APP_HOST_CONTAINER'] ? SECRETS_FOLDER : undefined);
  return [mounted, env['CREDENTIALS_DIRECTORY']].filter((path) => path !== undefined && path !== '') as string[];
}

/** Whether the name stays inside the folder: a name with a slash would lead elsewhere. */
function isFileName(name: string): boolean {
  return name !== '' && !/[/\\\0]/.test(name) && name !== '.' && name !== '..';
}

function readSecretFile(name: string, reference: string, file: string): FoundSecret {
  let value: string;
  try {
    // `echo` and editors leave line ends, and some editors a byte order mark.
    value = readFileSync(file, 'utf8')
      .replace(/^\uFEFF/, '')
      .replace(/[\r\n]+$/, '');
  } catch (error) {
    return {
      problem: `${reference}: ${file} cannot be read (${(error as NodeJS.ErrnoException).code}); fix its permissions`,
    };
  }
  if (value === '') return { problem: `${reference}: ${file} is empty; write the secret into it` };
  if (!JWE.test(value)) return { value };
  return {
    problem: `${reference}: ${file} is encrypted (IBM's JWE form), which is not supported; mount it in plain text, or remove it and set the environment variable ${name}`,
  };
}
