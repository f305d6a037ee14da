/** Durable state of a feed host on SQLite or PostgreSQL. */
export { HeldByUsError, MissingDatabaseError, StatementError, UnusableDatabaseError } from './database/faults.js';
export { GroupCommit } from './database/GroupCommit.js';
export { Lease } from './database/Lease.js';
export { componentsIn, migrate, stepsDone } from './database/migrate.js';
export { openDatabase } from './database/openDatabase.js';
export { toSslMode } from './database/postgresAddress.js';
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
export type { CommitPart, GroupCommitOptions } from './database/GroupCommit.js';
export type { MigrationStep } from './database/migrate.js';
export type { FeedStoreConfig } from './feed/KnexFeedStore.js';
