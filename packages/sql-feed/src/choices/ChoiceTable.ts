import type { FeedEvent } from '@soar-feed/core';
import type { Knex } from 'knex';
import { from } from '../catalogue/NameBook.js';
import { readColumns } from '../database/readColumns.js';
import { runStatement } from '../database/runStatement.js';
import { createTable } from '../dialects/createTable.js';
import type { Bound, ColumnOf, Kind } from '../dialects/Dialect.js';
import type { ObservedFeed, RowChange, RowObserver } from '../RowObserver.js';
import { groupBy } from '../rows/groupBy.js';
import { inSlices } from '../rows/slices.js';
import { choiceOf, rawChoices } from './rawChoices.js';

const COLUMNS: readonly (readonly [string, Kind])[] = [
  ['object_table', 'label'],
  ['id', 'integer'],
  ['inc_id', 'integer'],
  ['field', 'label'],
  ['choice_id', 'label'],
  ['choice', 'label'],
];

/** With `link_tables=true`: table `soar_feed_choices`, one row per value of a multiselect, so that SQL can join and count. */
export class ChoiceTable implements RowObserver {
  async open({ database, ownTable }: ObservedFeed): Promise<void> {
    const { dialect, knex } = database;
    const table = ownTable('choices');
    if ((await readColumns(database, table)) !== undefined) return;
    // Part of the key: as long as a name of a table or field may be here.
    const keys: Readonly<Record<string, number>> = { object_table: 128, field: 255, choice_id: 64 };
    const columns = COLUMNS.map(([name, kind]) => {
      const length = keys[name];
      const type = length === undefined ? dialect.typeOf(kind) : `${dialect.keyType(length)} NOT NULL`;
      return { name: dialect.fold(name), type: name === 'id' ? `${dialect.idType} NOT NULL` : type };
    });
    const key = ['object_table', 'id', 'field', 'choice_id'].map((name) => dialect.fold(name));
    await runStatement(knex, createTable(dialect, table, columns, key), database, table);
  }

  async written(trx: Knex, changes: readonly RowChange[], feed: ObservedFeed): Promise<void> {
    // The last change of an object counts; whatever goes below a deleted one goes by its own table's ids.
    const last = new Map(changes.map((change) => [`${change.plan.table.name}\0${change.event.key.objectId}`, change]));
    for (const change of changes) if (change.kind === 'delete') await this.forgetBelow(trx, change, feed);
    const { database, ownTable } = feed;
    const { dialect } = database;
    const table = ownTable('choices');
    for (const [name, group] of groupBy(last.values(), ({ plan }) => plan.table.name)) {
      const ids = group.map(({ event }) => event.key.objectId);
      for (const slice of inSlices(ids, dialect.limits.list)) {
        const old = from(trx, table)
          .where({ [dialect.fold('object_table')]: name })
          .whereIn(dialect.fold('id'), [...slice]);
        await runStatement(trx, old.delete(), database, table);
      }
    }
    const columns = COLUMNS.map(([name, kind]): ColumnOf => ({ name: dialect.fold(name), kind }));
    const keys = ['object_table', 'id', 'field', 'choice_id'].map((name) => dialect.fold(name));
    const rows = [...last.values()].flatMap((change) => (change.kind === 'upsert' ? rowsOf(change) : []));
    const size = Math.min(dialect.limits.rows, Math.floor(dialect.limits.binds / columns.length));
    for (const slice of inSlices(rows, size)) {
      await runStatement(trx, dialect.upsert(trx, { table, columns, rows: slice, keys }), database, table);
    }
  }

  /** All of an incident; of a task, its notes and attachments have no multiselects. */
  private async forgetBelow(trx: Knex, { scope, event }: Extract<RowChange, { kind: 'delete' }>, feed: ObservedFeed) {
    if (scope !== 'incident') return;
    const table = feed.ownTable('choices');
    const below = from(trx, table).where({ [feed.database.dialect.fold('inc_id')]: event.key.objectId });
    await runStatement(trx, below.delete(), feed.database, table);
  }
}

function rowsOf({
  event,
  plan,
}: {
  readonly event: FeedEvent;
  readonly plan: { readonly table: { readonly name: string } };
}) {
  const { objectId, incidentId } = event.key;
  const rows: (readonly Bound[])[] = [];
  for (const field of event.schema.fields.values()) {
    if (choiceOf(field) !== 'many') continue;
    for (const id of new Set(rawChoices(event, field).map(String))) {
      const label = field.options.get(id)?.label ?? id;
      rows.push([plan.table.name, objectId, incidentId, field.name.slice(0, 255), id.slice(0, 64), label]);
    }
  }
  return rows;
}
