import { StoreError } from '@soar-feed/core';

/** One statement was refused. The database itself works, and other statements may succeed. */
export class StatementError extends StoreError {}

/** The database cannot be used until a person changes something: its file, permissions, path, or our version. */
export class UnusableDatabaseError extends StoreError {}

/** There is no database at its path yet. */
export class MissingDatabaseError extends UnusableDatabaseError {}

/** Another part of this process holds the lease. */
export class HeldByUsError extends StoreError {}
