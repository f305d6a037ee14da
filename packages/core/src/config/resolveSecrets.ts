import type { PasswordManager } from './PasswordManager.js';
import type { RawValue, RawValues } from './RawValues.js';
import { readSecret } from './readSecret.js';
import type { FoundSecret, PlainSources } from './readSecret.js';

export interface SecretSources extends PlainSources {
  /** The file uses one: only then does `^NAME` mean a secret. */
  readonly passwordManager?: PasswordManager;
  /** The section whose values these are. */
  readonly section?: string;
}

/**
 * Replaces references to secrets, by IBM's rule (resilient-python-api `app_config`): `${NAME}` anywhere in a value,
 * else `$NAME` if the value starts with it, whatever characters the name has. So `pa$$word`, `100$` and `abc$HOME` stay
 * as they are; the same with `^` for a password manager. A reference that names nothing keeps its text and is marked
 * `unresolved`. `validateSection` reports it if it knows the key; IBM would log in with the literal `$NAME`.
 */
export function resolveSecrets(values: RawValues, sources: SecretSources): RawValues {
  return new Map([...values].map(([key, value]) => [key, resolveOne(value, sources)]));
}

interface Notation {
  readonly sign: string;
  readonly whole: RegExp;
  readonly braced: RegExp;
}

const PLAIN: Notation = { sign: '$', whole: /^\$([^{].*)$/s, braced: /\$\{([^{}]*)\}/g };
/** IBM's references to a password manager (PAM plug-ins). */
const PAM: Notation = { sign: '^', whole: /^\^([^{].*)$/s, braced: /\^\{([^{}]*)\}/g };

function resolveOne(value: RawValue, { passwordManager, section = '', ...plain }: SecretSources): RawValue {
  if (passwordManager !== undefined && /^\^.|\^\{/.test(value.text))
    return replaced(value, PAM, (name) => passwordManager.read(name, section));
  return replaced(value, PLAIN, (name) => readSecret(name, `$${name}`, plain));
}

function replaced(value: RawValue, { sign, whole, braced }: Notation, read: (name: string) => FoundSecret): RawValue {
  const problems: string[] = [];
  const secrets: string[] = [];
  const pattern = value.text.includes(`${sign}{`) ? braced : whole;
  const text = value.text.replace(pattern, (reference: string, name: string) => {
    const found = read(name);
    if ('problem' in found) problems.push(found.problem);
    else secrets.push(found.value);
    return 'value' in found ? found.value : reference;
  });
  return {
    ...value,
    text,
    ...(secrets.length === 0 ? {} : { secrets }),
    ...(problems.length === 0 ? {} : { unresolved: problems.join('; ') }),
  };
}
