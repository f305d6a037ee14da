import { StoreError } from '@soar-feed/core';
import { statementOn } from '@soar-feed/store';
import type { Statements } from '@soar-feed/store';

export const GENERATIONS = 'soar_feed_generations';

const ADVANCE = statementOn(
  GENERATIONS,
  `INSERT INTO ?? AS standing (org2, commits) VALUES (?, 1)
   ON CONFLICT (org2) DO UPDATE SET commits = standing.commits + 1 RETURNING commits`,
);

/**
 * Counts the commits to a mapping, in the mapping itself. A lower count than this process knows means that somebody put
 * an older copy in its place, which our cache would hide.
 */
export class Generation {
  private known = 0;

  constructor(private readonly targetOrgId: number) {}

  /** Runs in each commit. Throws `StoreError` `mapping-put-back`: the mapping must be opened anew. */
  async advance(statements: Statements): Promise<void> {
    const [row] = await statements.all<{ readonly commits: number | string }>(ADVANCE, this.targetOrgId);
    const commits = Number(row?.commits);
    // A commit that was rolled back is counted again.
    if (commits < this.known)
      throw new StoreError('An older copy of the mapping was put in its place; it is opened anew.', {
        code: 'mapping-put-back',
      });
    this.known = commits;
  }
}
