import type { GroupCommit, CommitPart, Statements } from '@soar-feed/store';
import type { Knex } from 'knex';
import { surroundings } from '@soar-feed/core';
import type { MappingWrite } from './table/applyWrites.js';

interface Waiting {
  readonly write: MappingWrite;
  resolve(): void;
  reject(error: unknown): void;
}

/** How long a patient write may wait for one that somebody waits for, to share its commit, ms. */
const PATIENCE_MS = 10;

/**
 * Writes of many lanes as one: everything that was asked for until the next transaction begins is applied together. If
 * the database refuses the batch, its writes go one by one, in order, so that only the faulty one fails.
 */
export class WriteBatch {
  private waiting: Waiting[] = [];
  private under: 'nothing' | 'patience' | 'way' = 'nothing';
  private cancelTimer = (): void => undefined;

  constructor(
    private readonly commits: GroupCommit,
    private readonly apply: (trx: Knex, statements: Statements, writes: readonly MappingWrite[]) => Promise<void>,
  ) {}

  /** Resolves after the commit. `patient`: nobody waits for it now. */
  add(write: MappingWrite, { patient = false } = {}): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ write, resolve, reject });
      if (!patient) this.go();
      else if (this.under === 'nothing') {
        this.under = 'patience';
        this.cancelTimer = surroundings().startTimer(PATIENCE_MS, () => this.go());
      }
    });
  }

  /** Commits what was asked for before anything that the `GroupCommit` is asked for next. */
  go(): void {
    if (this.under === 'way' || this.waiting.length === 0) return;
    this.cancelTimer();
    this.under = 'way';
    void this.commitNext();
  }

  private async commitNext(): Promise<void> {
    let taken: readonly Waiting[] | undefined;
    // If the transaction runs again, it takes the same writes.
    const take = () => {
      if (taken === undefined) this.under = 'nothing';
      return (taken ??= this.waiting.splice(0));
    };
    const together = (trx: Knex, statements: Statements): Promise<void> =>
      this.apply(
        trx,
        statements,
        take().map(({ write }) => write),
      );
    const parts = (): readonly CommitPart[] =>
      take().map(({ write, resolve, reject }) => ({
        write: (trx, statements) => this.apply(trx, statements, [write]),
        resolve,
        reject,
      }));
    try {
      await this.commits.run(together, parts);
      // Those that went alone have their own answers already.
      for (const { resolve } of take()) resolve();
    } catch (error) {
      for (const { reject } of take()) reject(error);
    }
  }
}
