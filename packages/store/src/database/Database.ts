import type { Knex } from 'knex';
import type { Statements } from './Statement.js';

export interface SqliteConfig {
  readonly client: 'sqlite';
  /** Path of the file; its folder must exist. */
  readonly file: string;
  /**
   * FULL (default): a commit survives a power cut. NORMAL: two to four times as many commits per second; a power cut
   * may lose the last of them, a crash of the process does not.
   */
  readonly synchronous?: 'FULL' | 'NORMAL';
  /** Refuse a file with tables that are not ours, before anything is changed. */
  readonly refuseForeign?: boolean;
}

export interface PostgresConfig {
  readonly client: 'postgres';
  /** A URL as libpq reads it (`sslmode` and its files included), or its parts. */
  readonly connection: string | PostgresConnection;
  /** The schema of our tables; it must exist. Default: the user's search path. */
  readonly schema?: string;
  /** Default 4. */
  readonly maxConnections?: number;
  /** How long a new connection may take, ms; default 5 s. */
  readonly connectTimeoutMs?: number;
  /** How long a statement may take, ms; default 10 s. */
  readonly statementTimeoutMs?: number;
}

export interface PostgresConnection {
  readonly host: string;
  readonly port?: number;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
  readonly tls?: PostgresTls;
}

/** As libpq understands it. */
export type SslMode = 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';

export interface PostgresTls {
  /** Default, as libpq's: prefer. */
  readonly sslMode?: SslMode;
  /** A PEM file, or `system` for the authorities that the system trusts. */
  readonly sslRootCert?: string;
  /** Our own certificate and its key, PEM files. */
  readonly sslCert?: string;
  readonly sslKey?: string;
}

export type DatabaseConfig = SqliteConfig | PostgresConfig;

export interface OpenDatabaseOptions {
  /** Read-only: nothing is created, and every statement that writes is refused. */
  readonly readOnly?: boolean;
}

/** An open database. */
export interface Database {
  readonly knex: Knex;
  /**
   * For queries outside of a transaction: sees what is committed, and does not wait for the current transaction (on
   * SQLite a second connection, which cannot write; on PostgreSQL the same pool).
   */
  readonly reader: Knex;
  readonly dialect: 'sqlite' | 'postgres';
  /** The schema of its tables, if it is not on the user's search path. */
  readonly schema?: string;
  /** Its name in messages: the file, or host and database; never a password. */
  readonly name: string;
  /**
   * Runs `work` in one transaction and resolves after its commit. On SQLite it begins IMMEDIATE, and the pool has one
   * connection: inside, use only `trx` and, for what is asked per event, `statements` of the same transaction. Errors of the
   * database are thrown as `StoreError`, others as they are. Also throws after a commit into a file that was moved, because
   * nobody would find the commit there.
   */
  transaction<T>(work: (trx: Knex, statements: Statements) => Promise<T>): Promise<T>;
  /** As `reader`, for what is asked per event. Errors of the database are thrown as `StoreError`. */
  read<T>(query: (statements: Statements) => Promise<T>): Promise<T>;
  /** Checks that commits still go where the next process will look for them; writes nothing. Throws `StoreError`. */
  check(): Promise<void>;
  /** Idempotent. */
  close(): Promise<void>;
}
