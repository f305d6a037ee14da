import { compareStamps, stampOf } from '@soar-feed/core';
import type { FeedEvent, Stamp } from '@soar-feed/core';
import type { Knex } from 'knex';
import { from } from '../catalogue/NameBook.js';
import { readColumns } from '../database/readColumns.js';
import { runStatement } from '../database/runStatement.js';
import type { SqlDatabase } from '../database/SqlDatabase.js';
import { createTable } from '../dialects/createTable.js';
import type { ColumnOf, Kind, TableName } from '../dialects/Dialect.js';
import { groupBy } from './groupBy.js';
import { inSlices } from './slices.js';

/** One row of a type's table, by the names that the ledger keeps. */
export interface Place {
  readonly table: string;
  readonly id: number;
  readonly incidentId: number;
  readonly taskId?: number | undefined;
}

interface Entry extends Place {
  stamp: Stamp | undefined;
  deleted: boolean;
  dirty: boolean;
}

const COLUMNS: readonly (readonly [string, Kind])[] = [
  ['object_table', 'label'],
  ['id', 'integer'],
  ['inc_id', 'integer'],
  ['task_id', 'integer'],
  ['stamp_kind', 'label'],
  ['stamp', 'integer'],
  ['deleted', 'integer'],
];

/** Longest name of a table in any engine, bytes. */
const NAME_BYTES = 128;

/**
 * Table `soar_feed_objects`: how new each row is, and which were deleted. It is written in the transaction of the rows, so
 * an older snapshot is recognized after a crash, too, whatever the host's own state has lost.
 */
export class LedgerTable {
  constructor(
    readonly database: SqlDatabase,
    readonly table: TableName,
  ) {}

  async prepare(): Promise<void> {
    const { database, table } = this;
    const { dialect, knex } = database;
    if ((await readColumns(database, table)) !== undefined) return;
    const types: Readonly<Record<string, string>> = {
      object_table: `${dialect.keyType(NAME_BYTES)} NOT NULL`,
      id: `${dialect.idType} NOT NULL`,
      stamp_kind: dialect.keyType(32),
    };
    const columns = COLUMNS.map(([name, kind]) => ({
      name: dialect.fold(name),
      type: types[name] ?? dialect.typeOf(kind),
    }));
    const key = ['object_table', 'id'].map((name) => dialect.fold(name));
    await runStatement(knex, createTable(dialect, table, columns, key), database, table);
    const index = dialect.fold(`${table.name}_inc_id_ix`);
    const statement = dialect.createIndex(table, index, { name: dialect.fold('inc_id'), kind: 'integer' });
    if (statement !== undefined) await runStatement(knex, statement, database, table);
  }

  /** What is known of these rows, locked until the transaction ends. */
  async read(trx: Knex, places: readonly Place[]): Promise<Ledger> {
    const { dialect } = this.database;
    const at = (name: string) => dialect.fold(name);
    const ledger = new Ledger(this);
    const byTable = groupBy(places, ({ table }) => table);
    for (const [table, rows] of byTable) {
      const ids = [...new Set(rows.map(({ id }) => id))].sort((a, b) => a - b);
      for (const slice of inSlices(ids, dialect.limits.list)) {
        const query = from(trx, this.table)
          .where({ [at('object_table')]: table })
          .whereIn(at('id'), slice)
          .select(COLUMNS.map(([name]) => at(name)));
        const found = await runStatement<readonly Readonly<Record<string, unknown>>[]>(
          trx,
          dialect.name === 'sqlite' ? query : query.forUpdate(),
          this.database,
          this.table,
        );
        for (const row of found) ledger.learn(entryOf((name) => row[at(name)]));
      }
    }
    return ledger;
  }
}

/** The ledger of one transaction. */
export class Ledger {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly owner: LedgerTable) {}

  learn(entry: Entry): void {
    this.entries.set(keyOf(entry), entry);
  }

  has(place: Pick<Place, 'table' | 'id'>): boolean {
    return this.entries.has(keyOf(place));
  }

  /** Whether the row belongs to another incident by now: a source restored from a backup gives ids again. */
  isElsewhere(place: Place): boolean {
    return this.entries.get(keyOf(place))?.deleted === false && !this.isSame(place);
  }

  /** Whether what is known of the row is about this object, and not about one of another incident that had its id. */
  private isSame(place: Place): boolean {
    return this.entries.get(keyOf(place))?.incidentId === place.incidentId;
  }

  isDeleted(place: Pick<Place, 'table' | 'id'>): boolean {
    return this.entries.get(keyOf(place))?.deleted === true;
  }

  /**
   * Why the snapshot must not be written: the object, or what it belongs to, was deleted. The engine reads such an object
   * again and marks what is there after all (`restored`); what comes without the mark is late.
   */
  whyGone(event: FeedEvent, [own, ...above]: readonly Place[]): string | undefined {
    if (event.restored === true) return undefined;
    if (own !== undefined && this.isDeleted(own) && this.isSame(own)) return 'it was deleted since';
    return above.some((place) => this.isDeleted(place)) ? 'what it belongs to was deleted since' : undefined;
  }

  /**
   * Whether the row is newer than the snapshot. A reading is never judged by its time: the engine has judged it, and the
   * clock may have been measured again since.
   */
  isStale(event: FeedEvent, place: Place): boolean {
    const known = this.entries.get(keyOf(place))?.stamp;
    const stamp = stampOf(event);
    if (event.restored === true || known === undefined || stamp.kind === 'read') return false;
    if (!this.isSame(place)) return false;
    return compareStamps(stamp, known) === -1;
  }

  note(event: FeedEvent, place: Place): void {
    const deleted = event.operation === 'delete';
    const before = this.entries.get(keyOf(place));
    // A delete says nothing about the version; what was last known stays for a look at the table.
    const stamp = deleted ? (before?.stamp ?? stampOf(event)) : stampOf(event);
    const taskId = place.taskId ?? before?.taskId;
    this.entries.set(keyOf(place), { ...place, taskId, stamp, deleted, dirty: true });
  }

  /** All rows of the incident, or of the task, go with it. */
  async deleteBelow(trx: Knex, by: 'inc_id' | 'task_id', incidentId: number, id: number): Promise<void> {
    const { database, table } = this.owner;
    const { fold } = database.dialect;
    const where = { [fold('inc_id')]: incidentId, ...(by === 'task_id' ? { [fold('task_id')]: id } : {}) };
    await runStatement(
      trx,
      from(trx, table)
        .where(where)
        .update({ [fold('deleted')]: 1 }),
      database,
      table,
    );
    for (const entry of this.entries.values()) {
      const isBelow =
        by === 'inc_id' ? entry.incidentId === id : entry.incidentId === incidentId && entry.taskId === id;
      if (isBelow) entry.deleted = true;
    }
  }

  /**
   * Forgets what went with a deleted incident or task that is back: what still exists below it comes as an ordinary
   * snapshot, as old as it was.
   */
  async forgetBelow(trx: Knex, by: 'inc_id' | 'task_id', incidentId: number, id: number): Promise<void> {
    const { database, table } = this.owner;
    const { fold } = database.dialect;
    const where = {
      [fold('inc_id')]: incidentId,
      [fold('deleted')]: 1,
      ...(by === 'task_id' ? { [fold('task_id')]: id } : {}),
    };
    await runStatement(trx, from(trx, table).where(where).delete(), database, table);
    for (const [key, entry] of this.entries) {
      const isBelow = entry.incidentId === incidentId && (by === 'inc_id' || entry.taskId === id);
      if (isBelow && entry.deleted) this.entries.delete(key);
    }
  }

  async save(trx: Knex): Promise<void> {
    const { database, table } = this.owner;
    const { dialect } = database;
    const rows = [...this.entries.values()].filter(({ dirty }) => dirty);
    const columns = COLUMNS.map(([name, kind]): ColumnOf => ({ name: dialect.fold(name), kind }));
    const keys = ['object_table', 'id'].map((name) => dialect.fold(name));
    const size = Math.min(dialect.limits.rows, Math.floor(dialect.limits.binds / columns.length));
    for (const slice of inSlices(rows, size)) {
      const values = slice.map(({ table: name, id, incidentId, taskId, stamp, deleted }) => [
        name,
        id,
        incidentId,
        taskId ?? null,
        stamp?.kind ?? null,
        stamp === undefined ? null : Math.trunc(stamp.value),
        deleted ? 1 : 0,
      ]);
      await runStatement(trx, dialect.upsert(trx, { table, columns, rows: values, keys }), database, table);
    }
  }
}

function keyOf({ table, id }: Pick<Place, 'table' | 'id'>): string {
  return `${table}\0${id}`;
}

/** Drivers give 64-bit numbers as text. */
function entryOf(column: (name: string) => unknown): Entry {
  const kind = column('stamp_kind');
  const stamp = column('stamp');
  const taskId = column('task_id');
  return {
    table: String(column('object_table')),
    id: Number(column('id')),
    incidentId: Number(column('inc_id')),
    taskId: taskId === null ? undefined : Number(taskId),
    stamp: kind === null || stamp === null ? undefined : { kind: kind as Stamp['kind'], value: Number(stamp) },
    deleted: Number(column('deleted')) === 1,
    dirty: false,
  };
}
