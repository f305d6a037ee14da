import type { UserDto } from '../model/directory.js';
import type { CallOptions } from '../rest/CallOptions.js';
import { aCollection, aPage } from '../rest/due.js';
import { listOf } from '../rest/listOf.js';
import { offsetPages } from '../rest/pages.js';
import type { Page } from '../rest/pages.js';
import { SoarApiError } from '../rest/SoarApiError.js';
import type { SoarRest } from '../rest/SoarRest.js';

const PAGE_SIZE = 100;

export class Users {
  constructor(private readonly rest: SoarRest) {}

  /** Everybody, page by page; from the unpaged list where the server has no query_paged for users. */
  async all(options: CallOptions = {}): Promise<UserDto[]> {
    const fetchPage = (body: object): Promise<Page<UserDto>> =>
      this.rest.query('/users/query_paged', body, { ...options, query: { return_level: 'partial' }, due: aPage });
    try {
      const users: UserDto[] = [];
      for await (const page of offsetPages(fetchPage, PAGE_SIZE)) users.push(...page);
      return users;
    } catch (error) {
      if (!SoarApiError.is(error) || (error.status !== 404 && error.status !== 405)) throw error;
      return listOf<UserDto>(await this.rest.get<object>('/users', { ...options, due: aCollection }));
    }
  }
}
