import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import { describeSection } from '../../config/describeSection.js';
import type { PreparedFeed } from '../PreparedHost.js';

/** Keys of our targets that say who logs in: a new secret often belongs to a new name. */
const NAMES = ['api_key_id', 'email', 'proxy_user', 'auth_user', 'uid', 'user', 'username', 'postgresql_uid'];

/** The keys of a feed's section that a login is made of: secrets, what was resolved from one, and names of accounts. */
export function loginKeys(...feeds: readonly PreparedFeed[]): ReadonlySet<string> {
  const keys = new Set(NAMES);
  for (const { definition, section } of feeds) {
    const described = describeSection(definition.config as unknown as z.ZodObject);
    for (const { key, secret } of described) if (secret) keys.add(key);
    for (const [name, { secrets }] of section.raw) {
      if (secrets === undefined) continue;
      keys.add(described.find(({ aliases }) => aliases.includes(name))?.key ?? name);
    }
  }
  return keys;
}

export type Values = Readonly<Record<string, unknown>>;

/** The values of these keys, or of all others. */
export function part(values: Values, keys: ReadonlySet<string>, inside: boolean): Values {
  return Object.fromEntries(Object.entries(values).filter(([key]) => keys.has(key) === inside));
}

/** Whether two configs of a section differ in these keys, or in all others. */
export function differs(one: unknown, other: unknown, keys: ReadonlySet<string>, inside: boolean): boolean {
  return !isDeepStrictEqual(part(one as Values, keys, inside), part(other as Values, keys, inside));
}
