import { FeedError } from '@soar-feed/core';
import type { Logger } from '@soar-feed/core';
import type { Knex } from 'knex';
import { plainName } from '../catalogue/chooseName.js';
import type { TablePlan } from '../catalogue/TablePlan.js';
import { runStatement } from '../database/runStatement.js';
import type { TableName } from '../dialects/Dialect.js';
import { qualified } from '../dialects/names.js';
import type { HistoryPlan } from '../history/HistoryPlan.js';
import type { ObservedFeed, RowObserver } from '../RowObserver.js';
import { definitions, VIEW_NAMES } from './definitions.js';
import type { ViewSources } from './definitions.js';
import { spellings } from './Spelling.js';
import { ViewTable } from './ViewTable.js';

export interface ViewOptions {
  readonly prefix: string;
  readonly schema?: string | undefined;
  readonly log: Pick<Logger, 'warn'>;
  /** The history of a current table; absent: none is kept. */
  readonly historyOf?: (table: string) => HistoryPlan | undefined;
}

/** How long the creation of a view waits for those who read it, ms. */
const LOCK_MS = 2_000;

/**
 * Views with plain names for business intelligence, made at open and again when their tables change. A view that cannot be
 * made never stops the feed: the log says why.
 */
export class Views implements RowObserver {
  private readonly made = new Map<string, string>();

  constructor(private readonly options: ViewOptions) {}

  async open(): Promise<void> {
    this.made.clear();
  }

  async planned(_plan: TablePlan, feed: ObservedFeed): Promise<void> {
    for (const [name, select] of definitions(this.sources(feed))) {
      if (this.made.get(name) === select) continue;
      try {
        await this.make(this.nameOf(name, feed), select, feed);
        this.made.set(name, select);
      } catch (error) {
        if (!FeedError.is(error)) throw error;
        this.options.log.warn(`View ${name} was not made: ${error.message}`, { event: 'sql.view-failed', view: name });
      }
    }
  }

  async changing(trx: Knex, feed: ObservedFeed): Promise<void> {
    const { dialect } = feed.database;
    // The others let a column under a view change.
    if (dialect.name !== 'postgres' && dialect.name !== 'sqlite') return;
    for (const name of VIEW_NAMES) await this.drop(trx, this.nameOf(name, feed), feed);
    this.made.clear();
  }

  async written(): Promise<void> {}

  private nameOf(name: string, { database: { dialect } }: ObservedFeed): TableName {
    const { prefix, schema } = this.options;
    return { schema, name: plainName(prefix + name, { fold: dialect.fold, limit: dialect.limits.name }) };
  }

  private async make(view: TableName, select: string, feed: ObservedFeed): Promise<void> {
    const { database } = feed;
    const { dialect } = database;
    const { create } = spellings[dialect.name];
    const place = qualified(view, dialect.quote);
    const work = async (trx: Knex, replaces: boolean): Promise<void> => {
      if (dialect.name === 'postgres')
        await runStatement(trx, { sql: `SET LOCAL lock_timeout = ${LOCK_MS}` }, database, view);
      if (!replaces) await this.drop(trx, view, feed);
      await runStatement(trx, { sql: `${replaces ? create : 'CREATE VIEW'} ${place} AS ${select}` }, database, view);
    };
    const canReplace = create !== 'CREATE VIEW';
    try {
      await database.transaction((trx) => work(trx, canReplace));
    } catch (error) {
      // PostgreSQL replaces a view only if its columns stay as they are.
      if (dialect.name !== 'postgres') throw error;
      await database.transaction((trx) => work(trx, false));
    }
  }

  private async drop(trx: Knex, view: TableName, { database }: ObservedFeed): Promise<void> {
    const place = qualified(view, database.dialect.quote);
    await runStatement(trx, { sql: `DROP VIEW IF EXISTS ${place}` }, database, view);
  }

  private sources({ database: { dialect }, plans }: ObservedFeed): ViewSources {
    const all = new Map(plans().map((plan) => [plan.type, plan]));
    const current = (type: string): ViewTable | undefined => {
      const plan = all.get(type);
      return plan && ViewTable.current(plan, `${type.charAt(0)}_`, dialect);
    };
    const incidents = all.get('incident');
    const history = incidents && this.options.historyOf?.(incidents.table.name);
    const parts = {
      incident: current('incident'),
      task: current('task'),
      artifact: current('artifact'),
      versions: history && ViewTable.history(history, 'h', dialect),
    };
    const there = Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));
    return { spelling: spellings[dialect.name], groupsTexts: dialect.name !== 'oracle', ...there };
  }
}
