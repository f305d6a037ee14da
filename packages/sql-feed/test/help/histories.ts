import type { FeedEvent } from '@soar-feed/core';
import type { Knex } from 'knex';
import { msOf } from '../../src/history/readLast.js';
import { spelledAlike } from './ibmTables.js';
import type { SqlFeed } from '../../src/index.js';
import { context, delivery, makeFeed } from './makeFeed.js';
import type { SqlPlace } from './sqlCase.js';

export interface Version {
  readonly id: number;
  /** ms since the epoch. */
  readonly from: number;
  readonly to: number | null;
  readonly operation: string;
  readonly endedBy: string | null;
  readonly changedBy: string | null;
  readonly values: Readonly<Record<string, unknown>>;
}

const OWN = ['valid_from', 'valid_to', 'seen_at', 'operation', 'ended_by', 'changed_by', 'version_digest'];

/** A feed with history, and what it has written. */
export class HistoryBench {
  feed: SqlFeed;

  constructor(
    readonly place: SqlPlace,
    private readonly settings: Readonly<Record<string, string>> = {},
  ) {
    this.feed = this.make();
  }

  async open(): Promise<this> {
    await this.feed.open(context());
    return this;
  }

  async reopen(settings = this.settings): Promise<void> {
    await this.feed.close();
    this.feed = this.make(settings);
    await this.feed.open(context());
  }

  async deliver(...events: readonly FeedEvent[]) {
    const outcomes = await this.feed.deliverBatch(events, delivery());
    for (const outcome of outcomes) if (outcome.status === 'failed') throw outcome.error;
    return outcomes;
  }

  async versions(type: string): Promise<readonly Version[]> {
    const rows = (await this.table(`${type}_history`).orderBy(['id', 'valid_from'])) as readonly Record<
      string,
      unknown
    >[];
    return rows.map((row) => {
      const values = Object.entries(spelledAlike([row])[0] ?? {}).filter(([name]) => !OWN.includes(name));
      return {
        id: Number(row['id']),
        from: msOf(row['valid_from']),
        to: row['valid_to'] === null ? null : msOf(row['valid_to']),
        operation: row['operation'] as string,
        endedBy: row['ended_by'] as string | null,
        changedBy: row['changed_by'] as string | null,
        values: Object.fromEntries(values),
      };
    });
  }

  /** The current rows, without those that are marked as deleted. */
  async current(type: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const rows = (await this.table(type).orderBy('id')) as readonly Record<string, unknown>[];
    const alive = rows.filter((row) => (row['deleted_at'] ?? null) === null);
    return spelledAlike(alive.map(({ deleted_at: _deleted, content: _content, ...row }) => row));
  }

  table(name: string): Knex.QueryBuilder {
    return this.place.knex(`${this.place.texts['table_prefix'] ?? ''}${name}`) as Knex.QueryBuilder;
  }

  async dispose(): Promise<void> {
    await this.feed.close();
    await this.place.dispose();
  }

  private make(settings = this.settings): SqlFeed {
    return makeFeed({ ...this.place.texts, history: 'true', ...settings });
  }
}
