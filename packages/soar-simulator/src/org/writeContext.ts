import type { WriteContext } from './Journal.js';
import type { Org } from './Org.js';
import { invalid, noObject } from './PlatformError.js';
import type { WriteOptions } from './SimOrg.js';

/** Who writes: the named account; by default the first user or, if there are no users, the first API key. */
export function writeContext(
  { name, state: { people } }: Pick<Org, 'name' | 'state'>,
  { actor, contextToken }: WriteOptions = {},
): WriteContext {
  if (actor === undefined) {
    const first = people.all('user')[0] ?? people.all('apikey')[0];
    if (!first) throw invalid(`The org "${name}" has neither a user nor an API key to act as.`);
    return { actor: first, contextToken };
  }
  const named = typeof actor === 'number' ? people.get(actor) : (people.find(actor) ?? people.ofLogin(actor));
  if (!named) throw noObject(actor);
  return { actor: named, contextToken };
}
