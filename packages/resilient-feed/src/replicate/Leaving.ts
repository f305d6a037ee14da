import type { DeliveryResult } from '@soar-feed/core';
import { repliesOf } from '../fields/threads.js';
import { mappingOf } from '../mapping/lookUp.js';
import type { Mapping } from '../mapping/Mapping.js';
import type { TargetOrg } from '../TargetOrg.js';
import { asClosed } from '../translate/Translations.js';
import type { Translations } from '../translate/Translations.js';
import { IbmRows } from '../write/find/IbmRows.js';
import type { Removed } from '../write/remove/Removal.js';
import type { WriteJob } from '../write/WriteJob.js';
import { delivered } from './delivered.js';
import { jobOf } from './Work.js';
import type { Work } from './Work.js';

/** Objects that leave the target, or are closed there for good. */
export class Leaving {
  private readonly ibmRows: IbmRows;

  constructor(
    private readonly org: TargetOrg,
    private readonly translations: Translations,
  ) {
    this.ibmRows = new IbmRows(org);
  }

  async delete(work: Work): Promise<DeliveryResult> {
    const { key } = work.event;
    const mapping = await this.ibmRows.verified(this.jobOf(work), mappingOf(work.known));
    if (mapping === undefined) {
      await this.org.rows.mark(key, 'deleted');
      return { status: 'delivered', change: 'unchanged' };
    }
    const outcome = await this.org.removal.remove(mapping, work.context.signal);
    if (outcome !== 'refused') return leftTarget(outcome);
    return { status: 'skipped', reason: `the platform keeps this ${key.type}: it made it itself` };
  }

  /** A deleted note becomes the blank frame of its replies. `undefined`: it is not in the target and must be made first. */
  async blank(work: Work): Promise<DeliveryResult | undefined> {
    const mapping = await this.ibmRows.kept(this.jobOf(work), mappingOf(work.known));
    if (mapping === undefined) return undefined;
    const done = await this.org.removal.blank(mapping, repliesOf(work.event), work.context.signal);
    const resync = done === 'later' && (await this.org.refinding.lacksReplies(work.event));
    return { status: 'delivered', change: 'updated', ...(resync ? { resync } : {}) };
  }

  /** An incident that no longer matches. */
  async unmatch(how: 'close' | 'delete', work: Work): Promise<DeliveryResult> {
    const { unmatching } = this.org;
    const mapping = await this.ibmRows.verified(this.jobOf(work), mappingOf(work.known));
    if (how === 'delete' || mapping === undefined) {
      const outcome = await unmatching.delete(mapping ?? withoutTarget(mappingOf(work.known)), work.context.signal);
      return leftTarget(outcome);
    }
    const { fields } = await this.translations.complete(asClosed(work.event), work.context);
    const closing = fields.filter((field) => field.closing === true);
    const written = await unmatching.close(jobOf(work, closing), { ...mapping, verified: true });
    return written === undefined ? { status: 'delivered', change: 'unchanged' } : delivered(written);
  }

  private jobOf(work: Work): WriteJob {
    return jobOf(work, this.translations.of(work.event).fields);
  }
}

function leftTarget(outcome: Removed): DeliveryResult {
  return { status: 'delivered', change: outcome === 'missing' ? 'unchanged' : 'deleted' };
}

function withoutTarget({ target: _, ...mapping }: Mapping): Mapping {
  return mapping;
}
