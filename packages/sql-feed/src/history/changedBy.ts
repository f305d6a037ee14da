import { ownValue } from '@soar-feed/core';
import type { FeedEvent } from '@soar-feed/core';
import type { TablePlan } from '../catalogue/TablePlan.js';
import type { Bound } from '../dialects/Dialect.js';
import type { Operation } from './versionColumns.js';

/** Principals, or names, of who changed an object last (platform facts: `modify_principal`, `last_modified_by`). */
const CHANGERS = ['inc_last_modified_by', 'last_modified_by', 'modify_principal', 'modify_user'];
const CREATORS = ['creator_principal', 'creator'];
/** Columns with the author, of objects that name nobody else. */
const AUTHORS: Readonly<Record<string, string>> = { note: 'user_id', attachment: 'creator_id' };

/** Who made the version. Null where the object does not say: an incident names only who created it. */
export function changedBy(
  { key, payload }: FeedEvent,
  operation: Operation,
  { plan, row }: { readonly plan: TablePlan; readonly row: ReadonlyMap<string, Bound> },
): string | null {
  const isFirst = operation === 'created' || key.type === 'artifact';
  for (const field of isFirst ? [...CHANGERS, ...CREATORS] : CHANGERS) {
    const name = nameOf(ownValue(payload, field));
    if (name !== undefined) return name;
  }
  const author = plan.columns.get(AUTHORS[key.type] ?? '');
  const label = author === undefined ? undefined : row.get(author.name);
  return typeof label === 'string' && label !== '' ? label : null;
}

function nameOf(value: unknown): string | undefined {
  const name = ownValue(value, 'display_name') ?? ownValue(value, 'name') ?? value;
  return typeof name === 'string' && name !== '' ? name : undefined;
}
