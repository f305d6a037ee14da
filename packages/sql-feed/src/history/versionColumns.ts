import { OWN_COLUMNS } from '../catalogue/TablePlan.js';
import type { ColumnOf, Dialect } from '../dialects/Dialect.js';

/** What a table of the history has beside the columns of the current table. */
export const VERSION = {
  /** From when on the object was as the row says. Key, with `id`. */
  from: 'valid_from',
  /** Until when; null: it still is. */
  to: 'valid_to',
  /** When the source was seen so; later than `from` where the object has a date of change of its own. */
  seen: 'seen_at',
  /** How the version came about: an `Operation`. */
  operation: 'operation',
  /** What ended it: `updated` or `deleted`. */
  endedBy: 'ended_by',
  /** Who made it, where the object says so. */
  changedBy: 'changed_by',
  /** Of all values; versions next to each other differ in it. */
  digest: OWN_COLUMNS.version,
} as const;

/** `loaded`: the object is older than the history; `restored`: it came again after a delete, or from a backup. */
export type Operation = 'created' | 'loaded' | 'updated' | 'restored';

const WORD = 16;

/** With the types of the key as tables need them. */
export function versionColumns(dialect: Dialect): readonly (ColumnOf & { readonly type: string })[] {
  const { fold, typeOf, keyType } = dialect;
  const word = keyType(WORD);
  return [
    { name: fold(VERSION.from), kind: 'datetime', type: `${typeOf('datetime')} NOT NULL` },
    { name: fold(VERSION.to), kind: 'datetime', type: typeOf('datetime') },
    { name: fold(VERSION.seen), kind: 'datetime', type: typeOf('datetime') },
    { name: fold(VERSION.operation), kind: 'label', type: word },
    { name: fold(VERSION.endedBy), kind: 'label', type: word },
    { name: fold(VERSION.changedBy), kind: 'label', type: typeOf('label') },
    { name: fold(VERSION.digest), kind: 'integer', type: typeOf('integer') },
  ];
}
