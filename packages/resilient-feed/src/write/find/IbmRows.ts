import type { Mapping } from '../../mapping/Mapping.js';
import type { Creates } from '../../mapping/Creates.js';
import type { Rows } from '../../mapping/Rows.js';
import { unlessGone } from '../notFound.js';
import type { ObjectWriters } from '../types/ObjectWriters.js';
import { verify } from './verify.js';
import type { WriteJob } from '../WriteJob.js';

/** Verifies rows that IBM's feed wrote. `undefined`: there is no such object in the target. */
export class IbmRows {
  constructor(
    private readonly org: { readonly rows: Rows; readonly creates: Creates; readonly writers: ObjectWriters },
  ) {}

  async verified(job: WriteJob, row: Mapping): Promise<Mapping | undefined> {
    if (row.verified) return row;
    // A 404 means that what it hangs under is gone.
    const found = await unlessGone(verify(job, row, this.org));
    return found === undefined ? undefined : { ...row, target: found.target };
  }

  /**
   * Verifies the row and keeps the result for the time when its event is gone: v1's rows of a task's objects do not
   * name the task.
   */
  async kept(job: WriteJob, row: Mapping): Promise<Mapping | undefined> {
    const found = await this.verified(job, row);
    if (found?.target === undefined || found.verified) return found;
    const { source, target, flags } = found;
    await this.org.creates.link(source, { target, digests: {}, flags, replacesIbmRow: true });
    return { ...found, verified: true };
  }
}
