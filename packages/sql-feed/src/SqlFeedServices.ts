import type { Logger, SourceOrg } from '@soar-feed/core';
import type { RowObserver } from './RowObserver.js';

export interface SqlFeedServices {
  readonly name: string;
  readonly log: Pick<Logger, 'info' | 'warn' | 'debug'>;
  /** Absent: tables are made when their first object comes, and replies count as gone with their note. */
  readonly source?: Pick<SourceOrg, 'types' | 'fetch'>;
  readonly observers?: readonly RowObserver[];
}
