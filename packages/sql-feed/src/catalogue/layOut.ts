import type { ColumnOf, Dialect, FoundColumn, Kind } from '../dialects/Dialect.js';
import { widest } from '../dialects/holds.js';
import { shortened } from '../dialects/names.js';
import { columnName } from './chooseName.js';
import type { WantedField } from './kinds.js';
import { OWN_COLUMNS } from './TablePlan.js';

/** How the fields of a type lie in its table, and what must be done to it for that. */
export interface Layout {
  /** The kind that was asked for, by field; also those without a column. */
  readonly fields: ReadonlyMap<string, Kind>;
  readonly columns: ReadonlyMap<string, ColumnOf>;
  readonly added: readonly ColumnOf[];
  readonly changed: readonly ColumnOf[];
  /** Fields whose place cannot be seen from their name. */
  readonly odd: readonly { readonly field: string; readonly name: string }[];
  /** Fields for which there was no room. */
  readonly without: readonly string[];
  readonly more?: ColumnOf;
  readonly deleted?: ColumnOf;
}

interface Ground {
  readonly dialect: Dialect;
  readonly found: readonly FoundColumn[];
  /** The column that a field was given before, if its name does not say so. */
  nameOf(field: string): string | undefined;
  readonly more: boolean;
  readonly deleted: boolean;
}

/** Columns that are there keep their names; what is new gets a column as long as the engine has room for one. */
export function layOut(wanted: readonly WantedField[], ground: Ground): Layout {
  const { dialect } = ground;
  const found = new Map(ground.found.map((column) => [column.name.toLowerCase(), column]));
  const room = new Room(dialect, ground.found);
  const fields = new Set(wanted.map(({ field }) => field.toLowerCase()));
  const taken = new Set<string>();
  const columns = new Map<string, ColumnOf>();
  const added: ColumnOf[] = [];
  const changed: ColumnOf[] = [];
  const odd: { field: string; name: string }[] = [];
  const without: string[] = [];
  const own = (name: string, kind: Kind): ColumnOf => {
    const there = found.get(name);
    const column = { name: there?.name ?? dialect.fold(name), kind };
    if (there === undefined && !added.includes(column)) added.push(column);
    return column;
  };
  for (const { field, kind } of wanted) {
    const rules = { fold: dialect.fold, limit: dialect.limits.name };
    let name = ground.nameOf(field) ?? columnName(field, rules, { found, taken, fields });
    let there = found.get(name.toLowerCase());
    if (there?.kind !== undefined && widest(there.kind, kind) === undefined) {
      // Bytes and anything else do not go together: the field gets another column.
      name = shortened(name, `${field} ${kind}`, rules.limit);
      there = found.get(name.toLowerCase());
    }
    if (there === undefined && !room.takes(kind)) {
      without.push(field);
      continue;
    }
    taken.add(name.toLowerCase());
    const column = { name: there?.name ?? name, kind: kindFor(dialect, there, kind) };
    columns.set(field, column);
    if (column.name !== dialect.fold(field)) odd.push({ field, name: column.name });
    if (there === undefined) {
      room.take(kind);
      added.push(column);
    } else if (mustChange(dialect, there, kind)) changed.push(column);
  }
  const needsMore = ground.more || without.length > 0 || found.has(OWN_COLUMNS.more);
  return {
    fields: new Map(wanted.map(({ field, kind }) => [field, kind])),
    columns,
    ...(needsMore ? { more: own(OWN_COLUMNS.more, 'text') } : {}),
    ...(ground.deleted || found.has(OWN_COLUMNS.deleted) ? { deleted: own(OWN_COLUMNS.deleted, 'datetime') } : {}),
    added,
    changed,
    odd,
    without,
  };
}

function kindFor(dialect: Dialect, there: FoundColumn | undefined, kind: Kind): Kind {
  if (there?.kind === undefined || (dialect.name === 'sqlite' && dialect.holds(there.kind, kind))) return kind;
  return dialect.holds(there.kind, kind) ? there.kind : (widest(there.kind, kind) ?? kind);
}

function mustChange(dialect: Dialect, there: FoundColumn, kind: Kind): boolean {
  return there.kind !== undefined && (there.narrow === true || !dialect.holds(there.kind, kind));
}

/** The room that is left in a table: columns, and bytes in the row. */
class Room {
  private columns: number;
  private bytes: number;

  constructor(
    private readonly dialect: Dialect,
    found: readonly FoundColumn[],
  ) {
    // Two more for our own columns.
    this.columns = dialect.limits.columns - found.length - 2;
    const { rowBudget } = dialect.limits;
    const used = found.map(({ kind = 'text' }) => rowBudget?.cost(kind) ?? 0);
    const reserve = (rowBudget?.cost('text') ?? 0) + (rowBudget?.cost('datetime') ?? 0);
    this.bytes = (rowBudget?.total ?? 0) - reserve - used.reduce((sum, one) => sum + one, 0);
  }

  takes(kind: Kind): boolean {
    const { rowBudget } = this.dialect.limits;
    return this.columns > 0 && (rowBudget === undefined || this.bytes >= rowBudget.cost(kind));
  }

  take(kind: Kind): void {
    this.columns -= 1;
    this.bytes -= this.dialect.limits.rowBudget?.cost(kind) ?? 0;
  }
}
