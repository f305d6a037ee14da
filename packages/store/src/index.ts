/** Durable state of a feed host on SQLite or PostgreSQL. */
export { HeldByUsError, MissingDatabaseError, StatementError, UnusableDatabaseError } from './database/faults.js';
export { backUpSqlite } from './database/backUpSqlite.js';
export { inspectState } from './database/inspectState.js';
export { GroupCommit } from './database/GroupCommit.js';
export { Lease } from './database/Lease.js';
export { componentsIn, migrate, stepsDone } from './database/migrate.js';
export { openDatabase } from './database/openDatabase.js';
export { toSslMode } from './database/postgresAddress.js';
export { rowsStatement, rowsText, statementOn } from './database/Statement.js';
export { storeErrorOf } from './database/storeErrorOf.js';
export { KnexFeedStore } from './feed/KnexFeedStore.js';
export { storeModule } from './storeModule.js';

export type {
  Database,
  DatabaseConfig,
  OpenDatabaseOptions,
  PostgresConfig,
  PostgresConnection,
  PostgresTls,
  SqliteConfig,
  SslMode,
} from './database/Database.js';
export type { BackupOptions } from './database/backUpSqlite.js';
export type { StateInspection } from './database/inspectState.js';
export type { CommitPart, GroupCommitOptions } from './database/GroupCommit.js';
export type { Columns, Statement, Statements, Value } from './database/Statement.js';
export type { MigrationStep } from './database/migrate.js';
export type { FeedStoreConfig } from './feed/KnexFeedStore.js';
