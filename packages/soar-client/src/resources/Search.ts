import type { SearchResult, SearchType } from '../model/SearchDto.js';
import type { CallOptions } from '../rest/CallOptions.js';
import { searchResults } from '../rest/due.js';
import type { SoarRest } from '../rest/SoarRest.js';

export interface ChildrenQuery {
  /** Inclusive. */
  readonly minIncidentId: number;
  /** Inclusive. */
  readonly maxIncidentId: number;
  readonly types: readonly SearchType[];
}

/** The search index: fast over many incidents, but behind the database, and maybe capped without a word. */
export class Search {
  constructor(
    private readonly rest: SoarRest,
    private readonly orgId: number,
  ) {}

  /** Objects of the given types below a range of incidents, in no order. IBM asks for 50 incidents at a time. */
  async children(query: ChildrenQuery, options: CallOptions = {}): Promise<SearchResult[]> {
    const body = {
      org_id: this.orgId,
      query: `inc_id:[${query.minIncidentId} TO ${query.maxIncidentId}]`,
      types: query.types,
    };
    const answer = await this.rest.query<{ results?: SearchResult[] | null }>('/search_ex', body, {
      ...options,
      scope: 'rest',
      due: searchResults,
    });
    return answer.results ?? [];
  }
}
