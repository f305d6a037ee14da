import type { Mapping } from '../../mapping/Mapping.js';
import type { Rows } from '../../mapping/Rows.js';
import { unlessGone } from '../notFound.js';
import type { Updates, Written } from '../update/Updates.js';
import type { Removal, Removed } from './Removal.js';
import type { WriteJob } from '../WriteJob.js';

/** Carries out `on_unmatch` for an incident that no longer matches. */
export class Unmatching {
  constructor(
    private readonly rows: Rows,
    private readonly updates: Updates,
    private readonly removal: Removal,
  ) {}

  /** Closes the incident with `job.fields`, and freezes it: further changes of the source are not carried over. */
  async close(job: WriteJob, mapping: Mapping): Promise<Written | undefined> {
    const { source } = mapping;
    const { closeDue: _, ...flags } = mapping.flags;
    const due = { ...flags, frozen: true, closeDue: true } as const;
    if (mapping.flags.closeDue === undefined) await this.rows.flag(source, due);
    const written = await unlessGone(this.updates.update(job, mapping, due));
    await job.commits.done();
    if (written === undefined) await this.rows.unmatch(source);
    else await this.rows.flag(source, { ...flags, frozen: true });
    return written;
  }

  /** Deletes the incident as if it had never matched: if it matches again, a new one is made. */
  async delete(mapping: Mapping, signal: AbortSignal): Promise<Removed> {
    const outcome = await this.removal.erase(mapping, signal);
    await this.rows.unmatch(mapping.source);
    return outcome;
  }
}
