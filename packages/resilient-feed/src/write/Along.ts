import type { IncidentDto } from '@soar-feed/soar-client';
import type { Intent } from '../mapping/Intent.js';

/** What travels inside the create of an incident. */
export interface Along {
  /** Lists for the incident's body. */
  readonly lists: { readonly comments?: readonly object[]; readonly artifacts?: readonly object[] };
  /** Creates of their own that begin with the incident's, before its place is known. */
  readonly intents: readonly Intent[];
  /** Creates that are written down only with the incident's link. */
  readonly unwritten: readonly Intent[];
  /**
   * The server made the incident; `refused`: only after it had refused to make it with these lists. `others`: something
   * else was along, too.
   */
  made(answer: IncidentDto, refused: boolean, others?: boolean): void;
  /** The server failed, and may have made the incident or not. */
  stumbled(others?: boolean): void;
}

export function isEmptyHanded({ lists: { comments = [], artifacts = [] } }: Along): boolean {
  return comments.length + artifacts.length === 0;
}
