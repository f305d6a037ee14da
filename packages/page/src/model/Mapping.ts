import type { TargetRecord } from '@soar-feed/core';

/** What was typed into the search of the mapping, as it was typed. */
export interface MappingQuery {
  readonly feed?: string;
  readonly type?: string;
  readonly state?: string;
  readonly incident?: string;
  readonly id?: string;
  /** Whose ids they are. */
  readonly side: 'source' | 'target';
  /** Counts from 1. */
  readonly page: number;
}

export interface MappingRow extends TargetRecord {
  readonly feed: string;
}

export interface Mapping {
  readonly query: MappingQuery;
  /** Feeds that have a mapping. */
  readonly feeds: readonly string[];
  /** Absent: nothing was searched for. */
  readonly found?: { readonly rows: readonly MappingRow[]; readonly more: boolean };
  /** Why nothing could be searched. */
  readonly problem?: string;
}
