import { StoreError } from '@soar-feed/core';
import type { Knex } from 'knex';

export const GENERATIONS = 'soar_feed_generations';

/**
 * Counts the commits to a mapping, in the mapping itself: a count below what this process knows means that an older copy
 * was put in its place. What was used last is in memory, so nothing else would tell.
 */
export class Generation {
  private known = 0;

  constructor(private readonly targetOrgId: number) {}

  /** Within each commit. Throws `StoreError`: the mapping must be opened anew. */
  async advance(trx: Knex): Promise<void> {
    const where = { org2: this.targetOrgId };
    if ((await trx(GENERATIONS).where(where).increment('commits', 1)) === 0)
      await trx(GENERATIONS).insert({ ...where, commits: 1 });
    const row = (await trx(GENERATIONS).where(where).first('commits')) as { readonly commits: number | string };
    const commits = Number(row.commits);
    // One that was rolled back is counted again.
    if (commits < this.known)
      throw new StoreError('An older copy of the mapping was put in its place; it is opened anew.', {
        code: 'mapping-put-back',
      });
    this.known = commits;
  }
}
