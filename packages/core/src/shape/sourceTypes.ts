import { EMAIL_TYPE } from '../contract/TypeSchema.js';
import type { TypeDescription } from './toTypeSchema.js';

/**
 * The types of `GET /types` as feeds know them. With `emails`, e-mail messages are objects below their incident, under the
 * name without underscores that messages and IBM's tables give them; the platform names no parent for them.
 */
export function sourceTypes(
  all: Readonly<Record<string, TypeDescription>>,
  emails: boolean,
): readonly TypeDescription[] {
  return Object.values(all).map((type) =>
    emails && type.type_name === `__${EMAIL_TYPE}`
      ? { ...type, type_name: EMAIL_TYPE, parent_types: ['incident'] }
      : type,
  );
}
