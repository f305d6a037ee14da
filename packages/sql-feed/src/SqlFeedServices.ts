import type { Logger, SourceOrg } from '@soar-feed/core';
import type { RowObserver } from './RowObserver.js';

export interface SqlFeedServices {
  readonly name: string;
  readonly log: Pick<Logger, 'info' | 'warn' | 'debug'>;
  /** Absent: tables are made when their first object comes. */
  readonly source?: Pick<SourceOrg, 'types'>;
  readonly observers?: readonly RowObserver[];
}
