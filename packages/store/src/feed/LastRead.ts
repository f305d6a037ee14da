import { surroundings } from '@soar-feed/core';
import type { LastApplied, Settlement, Stamp } from '@soar-feed/core';
import { rowsStatement, rowsText } from '../database/Statement.js';
import type { Statements } from '../database/Statement.js';
import { SETTLED } from './steps.js';

export interface LastRow {
  readonly outcome: Settlement['outcome'];
  readonly stamp_kind: Stamp['kind'] | null;
  readonly stamp_value: number | null;
  /** SQLite gives 0 or 1. */
  readonly deleted: boolean | number;
}

interface Question {
  readonly feed: string;
  readonly objectKey: string;
  resolve(last: LastApplied | undefined): void;
  reject(error: unknown): void;
}

/** Questions of one query. */
const MOST = 1_000;

// CROSS: SQLite begins with the questions and finds each row by its key.
const LAST = rowsStatement(
  SETTLED,
  { place: 'bigint', feed: 'text', object_key: 'text' },
  (rows) => `SELECT asked.place, own.outcome, own.stamp_kind, own.stamp_value, own.deleted
    FROM (${rows}) AS asked CROSS JOIN ?? AS own
    WHERE own.feed = asked.feed AND own.object_key = asked.object_key`,
);

/**
 * Reads what was applied last. A reload asks for every object of a page, so what is asked in one turn of the event loop, or
 * while a query runs, is one query.
 */
export class LastRead {
  private readonly waiting: Question[] = [];
  private reading = false;

  constructor(private readonly ask: <T>(query: (statements: Statements) => Promise<T>) => Promise<T>) {}

  last(feed: string, objectKey: string): Promise<LastApplied | undefined> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ feed, objectKey, resolve, reject });
      if (!this.reading) void this.read();
    });
  }

  private async read(): Promise<void> {
    this.reading = true;
    await new Promise<void>((resolve) => surroundings().atEndOfTurn(resolve));
    while (this.waiting.length > 0) await this.answer(this.waiting.splice(0, MOST));
    this.reading = false;
  }

  private async answer(questions: readonly Question[]): Promise<void> {
    try {
      const text = rowsText(questions.map(({ feed, objectKey }, place) => [place, feed, objectKey]));
      const rows = await this.ask((statements) =>
        statements.all<LastRow & { readonly place: number | string }>(LAST, text),
      );
      const found = new Map(rows.map((row) => [Number(row.place), toLast(row)]));
      for (const [place, { resolve }] of questions.entries()) resolve(found.get(place));
    } catch (error) {
      for (const { reject } of questions) reject(error);
    }
  }
}

export function toLast(row: LastRow): LastApplied {
  const { stamp_kind: kind, stamp_value: value } = row;
  const stamp = kind === null || value === null ? {} : { stamp: { kind, value } };
  return { outcome: row.outcome, ...stamp, deleted: Boolean(row.deleted) };
}
