import { shortened } from '../dialects/names.js';
import { OWN_COLUMNS } from './TablePlan.js';

/** What is there, by name in lower case. */
export type Found<T> = ReadonlyMap<string, T>;

export interface NameRules {
  fold(name: string): string;
  /** Bytes. */
  readonly limit: number;
}

const PLAIN = /^[\w$#]+$/;
const KEPT = new Set<string>([OWN_COLUMNS.more, OWN_COLUMNS.deleted]);

/** The name of a table or column: SOAR's own where it can be, else as much of it as possible and a hash. */
export function plainName(name: string, { fold, limit }: NameRules): string {
  const base = fold(PLAIN.test(name) ? name : name.replace(/[^\w$#]+/g, '_'));
  return PLAIN.test(name) && Buffer.byteLength(base) <= limit ? base : shortened(base, name, limit);
}

/**
 * The column for a field. Continues what IBM's plug-in made: with `_` behind a word that it takes for reserved, or cut by
 * PostgreSQL, as long as no other field can be meant.
 */
export function columnName(
  field: string,
  rules: NameRules,
  there: { readonly found: Found<unknown>; readonly taken: ReadonlySet<string>; readonly fields: ReadonlySet<string> },
): string {
  const { found, taken, fields } = there;
  const isFree = (name: string): boolean => !taken.has(name.toLowerCase());
  const base = plainName(field, rules);
  const folded = rules.fold(field);
  if (KEPT.has(field.toLowerCase()) || !isFree(base)) return shortened(rules.fold(field), field, rules.limit);
  if (found.has(base.toLowerCase())) return base;
  const marked = `${folded}_`;
  if (found.has(marked.toLowerCase()) && !fields.has(marked.toLowerCase()) && isFree(marked)) return marked;
  if (base === folded) return base;
  const cut = Buffer.from(folded).subarray(0, rules.limit).toString();
  const meant = [...fields].filter((name) => name.startsWith(cut.toLowerCase()));
  return found.has(cut.toLowerCase()) && meant.length === 1 && isFree(cut) ? cut : base;
}

/** The type's table: IBM's `name_` where that is there and the plain name is not. */
export async function tableName(
  type: string,
  prefix: string,
  rules: NameRules,
  isThere: (name: string) => Promise<boolean>,
): Promise<string> {
  const name = plainName(prefix + (type.replace(/^_+/, '') || type), rules);
  const marked = `${name}_`;
  return !(await isThere(name)) && (await isThere(marked)) ? marked : name;
}
