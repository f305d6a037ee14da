import type { FeedEvent } from '@soar-feed/core';
import type { Knex } from 'knex';
import type { TablePlan } from './catalogue/TablePlan.js';
import type { SqlDatabase } from './database/SqlDatabase.js';
import type { Bound, TableName } from './dialects/Dialect.js';

/** What was done to the current tables, in this order, by one batch. */
export type RowChange =
  | {
      readonly kind: 'upsert';
      readonly event: FeedEvent;
      readonly plan: TablePlan;
      /** By column; columns that the event leaves out (content, time series) keep their value and are not in it. */
      readonly row: ReadonlyMap<string, Bound>;
      /** Whether the object was new to this feed, or deleted before. */
      readonly created: boolean;
    }
  | {
      readonly kind: 'delete';
      readonly event: FeedEvent;
      readonly plan: TablePlan;
      /**
       * What went with it: `object` only itself; `task` its notes and attachments, too (`task_id`); `incident` everything of
       * the incident, in all tables (`inc_id`).
       */
      readonly scope: 'object' | 'task' | 'incident';
      /** Of the type's rows: itself, unless its id belongs to another incident by now, and the replies of a note. */
      readonly ids: readonly number[];
    };

/** What an observer may use besides the transaction. */
export interface ObservedFeed {
  readonly database: SqlDatabase;
  /** A table of this feed's own: the prefix, `soar_feed_` and the word. */
  ownTable(word: string): TableName;
  /** The tables of all types met so far. */
  plans(): readonly TablePlan[];
}

/**
 * The seam for what is kept beside the current tables, such as a history. An observer writes inside the transaction of the
 * batch: its rows are committed with the current ones or not at all, and come again with them after a crash. It must be
 * idempotent as the batch is, because a batch that was committed may be delivered again.
 */
export interface RowObserver {
  /** At every open, before the first batch: makes what it needs. Outside of a transaction. */
  open(feed: ObservedFeed): Promise<void>;
  /** Before the type of a column is changed; in the transaction of the change, where the engine has such. */
  changing?(trx: Knex, feed: ObservedFeed): Promise<void>;
  /** After a table was made or changed, before rows are written to it. Outside of a transaction. */
  planned?(plan: TablePlan, feed: ObservedFeed): Promise<void>;
  /** Inside the transaction, after the current tables were written. */
  written(trx: Knex, changes: readonly RowChange[], feed: ObservedFeed): Promise<void>;
}
