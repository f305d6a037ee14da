import { StoreError, surroundings } from '@soar-feed/core';
import type { Knex } from 'knex';
import type { Database } from './Database.js';
import { HeldByUsError } from './faults.js';
import type { MigrationStep } from './migrate.js';
import { migrate, stepsDone } from './migrate.js';
import { statementOn } from './Statement.js';
import type { Statements } from './Statement.js';
import { storeErrorOf } from './storeErrorOf.js';
import { isGone, isThisProcess, thisProcess } from './processIdentity.js';
import type { ProcessIdentity } from './processIdentity.js';

const TABLE = 'soar_feed_lease';
const BEAT_MS = 5_000;
const EXPIRES_MS = 30_000;
/** A lease that was renewed this long ago is renewed before anything is done in its name. */
const DOUBTFUL_MS = EXPIRES_MS - BEAT_MS;
/** PostgreSQL's clock, ms since the epoch. */
const SERVER_NOW = '(extract(epoch FROM clock_timestamp()) * 1000)';

const OURS = 'WHERE name = ? AND term = ? AND host IS NOT NULL';
const FENCE = statementOn(TABLE, {
  sqlite: `UPDATE ?? SET heartbeat_at = ? ${OURS}`,
  postgres: `UPDATE ?? SET heartbeat_at = ${SERVER_NOW}::bigint ${OURS}`,
});

const TERM = statementOn(TABLE, 'SELECT term FROM ?? WHERE name = ?');

const leaseSteps: readonly MigrationStep[] = [
  {
    name: 'lease',
    up: (trx) =>
      trx.schema.createTable(TABLE, (table) => {
        table.text('name').primary();
        table.bigInteger('term').notNullable();
        // Null host: nobody holds it.
        table.text('host').nullable();
        table.integer('pid').notNullable();
        table.text('pid_space').notNullable();
        table.text('started').notNullable();
        table.bigInteger('taken_at').notNullable();
        table.bigInteger('heartbeat_at').notNullable();
      }),
  },
  {
    name: 'owner',
    up: (trx) => trx.schema.alterTable(TABLE, (table) => table.text('owner').nullable()),
  },
];

/** Owners in this process, across all copies of this package. */
const LIVING = Symbol.for('@soar-feed/store:leases');
const living = ((globalThis as { [LIVING]?: Set<string> })[LIVING] ??= new Set<string>());

interface LeaseRow {
  readonly name: string;
  /** `pg` gives bigint as text. */
  readonly term: number | string;
  readonly host: string | null;
  readonly pid: number;
  readonly pid_space: string;
  readonly started: string;
  readonly taken_at: number | string;
  readonly heartbeat_at: number | string;
  /** Distinguishes the leases of one process; absent where an older version wrote the table. */
  readonly owner?: string | null;
}

/**
 * One owner of the tables at a time. The lease is renewed every 5 s and expires 30 s after the last renewal. The lease
 * of a dead process on this host is taken over at once; so is one of this process that could not be returned because
 * the database was away or full. A holder that slept through its lease notices at its next commit, if it commits behind
 * `fence`.
 */
export class Lease {
  readonly #database: Database;
  readonly #name: string;
  readonly #owner: string;
  #cancelBeat: () => void = () => undefined;
  #problem: { readonly error: Error } | undefined;
  #isLost = false;
  #renewed: Moment;
  /** Grows with every holder, so it identifies the turn of this one. */
  readonly term: number;

  /** Throws `StoreError` `store-held`, naming the holder. */
  static async take(database: Database, name: string): Promise<Lease> {
    await refuseHeld(database, name);
    await migrate(database, 'lease', leaseSteps);
    const owner = surroundings().uuid();
    const begun = momentNow();
    // Before it is committed: another one of this process may read it at once, and must not take it for left behind.
    living.add(owner);
    const taking = database.transaction(async (trx) => {
      const { host, pid, pidSpace, started } = thisProcess();
      const nowMs = await nowOf(database, trx);
      const free = {
        name,
        term: 0,
        host: null,
        pid: 0,
        pid_space: '',
        started: '',
        taken_at: 0,
        heartbeat_at: 0,
        owner: null,
      };
      await trx<LeaseRow>(TABLE).insert(free).onConflict('name').ignore();
      const row = await trx<LeaseRow>(TABLE).where({ name }).forUpdate().first();
      if (row !== undefined && isHeld(row, nowMs)) throw heldError(database, row, nowMs);
      const next = Number(row?.term ?? 0) + 1;
      await trx<LeaseRow>(TABLE)
        .where({ name })
        .update({ term: next, host, pid, pid_space: pidSpace, started, taken_at: nowMs, heartbeat_at: nowMs, owner });
      return next;
    });
    const term = await taking.catch((error: unknown) => {
      living.delete(owner);
      throw error;
    });
    return new Lease(database, name, term, owner, begun);
  }

  private constructor(database: Database, name: string, term: number, owner: string, begun: Moment) {
    this.#database = database;
    this.#name = name;
    this.term = term;
    this.#owner = owner;
    this.#renewed = begun;
    this.#beat();
  }

  #beat(): void {
    const renew = (): void => {
      this.#beat();
      void this.#renew();
    };
    this.#cancelBeat = surroundings().startTimer(BEAT_MS, renew, { background: true });
  }

  /**
   * Renews the lease inside a transaction, so that the transaction commits only while the lease is ours. Throws
   * `StoreError` `store-lost`.
   */
  async fence(statements: Statements): Promise<void> {
    const now = this.#database.dialect === 'sqlite' ? [surroundings().now()] : [];
    if ((await statements.run(FENCE, ...now, this.#name, this.term)) > 0) return;
    const [row] = await statements.all<Pick<LeaseRow, 'term'>>(TERM, this.#name);
    throw this.#lost(row);
  }

  #lost(row: Pick<LeaseRow, 'term'> | undefined): StoreError {
    this.#end();
    const { name } = this.#database;
    const problem =
      row === undefined || Number(row.term) <= this.term
        ? `${name} has changed under this process (restored from a backup?): restart soar-feed.`
        : `${name} was taken over by another soar-feed: stop one of the two.`;
    const error = new StoreError(problem, { code: 'store-lost', details: { database: name, lease: this.#name } });
    // Whoever met it may have no way to end the host; whoever checks next has.
    this.#problem = { error };
    this.#isLost = true;
    return error;
  }

  /** Releases the lease at once. Never throws: a lease that cannot be returned expires. */
  async release(): Promise<void> {
    this.#end();
    await this.#mine(this.#database.knex)
      .update({ host: null })
      .catch(() => undefined);
  }

  #end(): void {
    this.#cancelBeat();
    living.delete(this.#owner);
  }

  /**
   * Before anything is done outside of the database in the name of this lease. Resolves at once, unless the lease may have expired:
   * after a standstill of the machine, another host may have taken it, and only the database knows. Throws `StoreError`.
   */
  async assertOurs(): Promise<void> {
    if (!this.#isLost && msSince(this.#renewed) < DOUBTFUL_MS) return;
    await this.#renew();
    if (this.#problem !== undefined) throw this.#problem.error;
  }

  /** Throws `StoreError` while the lease cannot be renewed, or is lost. */
  async check(): Promise<void> {
    if (this.#problem === undefined) return;
    await this.#renew();
    if (this.#problem !== undefined) throw this.#problem.error;
  }

  /** While the database is away nobody else can take the lease either. */
  async #renew(): Promise<void> {
    const begun = momentNow();
    try {
      const { knex, dialect } = this.#database;
      const now = dialect === 'sqlite' ? surroundings().now() : knex.raw(`${SERVER_NOW}::bigint`);
      if ((await this.#mine(knex).update({ heartbeat_at: now })) === 0)
        throw this.#lost(await knex<LeaseRow>(TABLE).where({ name: this.#name }).first('term'));
      this.#problem = undefined;
      this.#renewed = begun;
    } catch (error) {
      this.#problem = { error: storeErrorOf(error, this.#database.name) as Error };
    }
  }

  #mine(knex: Knex) {
    return knex<LeaseRow>(TABLE).where({ name: this.#name, term: this.term }).whereNotNull('host');
  }
}

/** By both clocks: the steady one may stand still with its machine, the other one may be set. */
interface Moment {
  readonly nowMs: number;
  readonly steadyMs: number;
}

function momentNow(): Moment {
  return { nowMs: surroundings().now(), steadyMs: surroundings().steadyMs() };
}

function msSince({ nowMs, steadyMs }: Moment): number {
  const now = momentNow();
  return Math.max(now.nowMs - nowMs, now.steadyMs - steadyMs);
}

/** Only reads: who waits for the lease asks often, and the tables of a running holder of another version stay as they are. */
async function refuseHeld(database: Database, name: string): Promise<void> {
  if ((await stepsDone(database, 'lease', leaseSteps)) === 0) return;
  try {
    const { reader } = database;
    const row = await reader<LeaseRow>(TABLE).where({ name }).first();
    if (row === undefined) return;
    const nowMs = await nowOf(database, reader);
    if (isHeld(row, nowMs)) throw heldError(database, row, nowMs);
  } catch (error) {
    throw storeErrorOf(error, database.name);
  }
}

function isHeld(row: LeaseRow, nowMs: number): boolean {
  if (row.host === null || nowMs - Number(row.heartbeat_at) >= EXPIRES_MS) return false;
  const holder = holderOf(row);
  return isThisProcess(holder) ? isLiving(row) : !isGone(holder);
}

function holderOf(row: LeaseRow): ProcessIdentity {
  return { host: row.host ?? '', pid: row.pid, pidSpace: row.pid_space, started: row.started };
}

function isLiving({ owner }: LeaseRow): boolean {
  return typeof owner === 'string' && living.has(owner);
}

function heldError(database: Database, row: LeaseRow, nowMs: number): StoreError {
  const { host, pid, taken_at, heartbeat_at } = row;
  const since = new Date(Number(taken_at)).toISOString();
  const agoS = Math.round((nowMs - Number(heartbeat_at)) / 1000);
  const ours = isThisProcess(holderOf(row)) && isLiving(row);
  return new (ours ? HeldByUsError : StoreError)(
    `${database.name} is in use by process ${pid} on ${host} (since ${since}, seen ${agoS} s ago): stop it first, or wait ${EXPIRES_MS / 1000 - agoS} s if it is gone.`,
    { code: 'store-held', details: { database: database.name, host, pid, since, ours } },
  );
}

/** The clock of the database, if several hosts share it; ms since the epoch. */
async function nowOf(database: Database, knex: Knex): Promise<number> {
  if (database.dialect === 'sqlite') return surroundings().now();
  const { rows } = await knex.raw<{ rows: readonly { now: number }[] }>(`SELECT ${SERVER_NOW}::float8 AS now`);
  return Math.round(rows[0]?.now ?? surroundings().now());
}
