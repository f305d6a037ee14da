import { StoreError } from '@soar-feed/core';
import type { Knex } from 'knex';

export const GENERATIONS = 'soar_feed_generations';

/**
 * Counts the commits to a mapping, in the mapping itself. A lower count than this process knows means that somebody put
 * an older copy in its place, which our cache would hide.
 */
export class Generation {
  private known = 0;

  constructor(private readonly targetOrgId: number) {}

  /** Runs in each commit. Throws `StoreError` `mapping-put-back`: the mapping must be opened anew. */
  async advance(trx: Knex): Promise<void> {
    const where = { org2: this.targetOrgId };
    if ((await trx(GENERATIONS).where(where).increment('commits', 1)) === 0)
      await trx(GENERATIONS).insert({ ...where, commits: 1 });
    const row = (await trx(GENERATIONS).where(where).first('commits')) as { readonly commits: number | string };
    const commits = Number(row.commits);
    // A commit that was rolled back is counted again.
    if (commits < this.known)
      throw new StoreError('An older copy of the mapping was put in its place; it is opened anew.', {
        code: 'mapping-put-back',
      });
    this.known = commits;
  }
}
