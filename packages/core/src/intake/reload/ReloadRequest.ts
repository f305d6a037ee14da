import type { ReloadRange } from './SyncRequest.js';

/** What somebody asks of a reload. */
export interface ReloadRequest extends Partial<Omit<ReloadRange, 'changedSinceMs' | 'changedChildren'>> {
  /** Default `full`. `changed`: since the last complete reload; a feed that had none is loaded wholly. */
  readonly kind?: 'full' | 'changed';
  /** Names of the feeds to load; default: all. */
  readonly feeds?: readonly string[];
  /** Start from the beginning, even if an interrupted run of the same kind could be continued. */
  readonly restart?: boolean;
  /** Whether deletions are looked for; default as the config says. Only a full reload does. */
  readonly reconcile?: boolean;
  /** A person allows this many deletions. Starts the run from the beginning. */
  readonly allowDeletes?: number;
}
