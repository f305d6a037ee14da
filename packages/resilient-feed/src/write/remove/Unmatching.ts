import type { Mapping } from '../../mapping/Mapping.js';
import type { MappingStore } from '../../mapping/MappingStore.js';
import { isNotFound } from '../find/missing.js';
import type { OrgWriter, Written } from '../create/OrgWriter.js';
import type { Removal } from './Removal.js';
import type { WriteJob } from '../WriteJob.js';

/** What `on_unmatch` makes of the target incident whose source no longer matches. */
export class Unmatching {
  constructor(
    private readonly mapping: MappingStore,
    private readonly writer: OrgWriter,
    private readonly removal: Removal,
  ) {}

  /** `job.fields`: what closes it. Frozen from now on, as the source's further changes are nothing to it. */
  async close(job: WriteJob, mapping: Mapping): Promise<Written | undefined> {
    const { source } = mapping;
    const { closeDue: _, ...flags } = mapping.flags;
    const due = { ...flags, frozen: true, closeDue: true } as const;
    if (mapping.flags.closeDue === undefined) await this.mapping.flag(source, due);
    const written = await this.writer.update(job, mapping, due).catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
    await job.commits.done();
    if (written === undefined) await this.mapping.unmatch(source);
    else await this.mapping.flag(source, { ...flags, frozen: true });
    return written;
  }

  /** As if it had never matched: should it match again, a new one is made. */
  async delete(mapping: Mapping, signal: AbortSignal): Promise<void> {
    await this.removal.erase(mapping, signal);
    await this.mapping.unmatch(mapping.source);
  }
}
