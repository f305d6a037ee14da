import type { DeliveryResult } from '@soar-feed/core';
import { repliesOf } from '../fields/threads.js';
import { mappingOf } from '../mapping/lookUp.js';
import type { Mapping } from '../mapping/Mapping.js';
import type { TargetOrg } from '../TargetOrg.js';
import { asClosed } from '../translate/Translations.js';
import type { Translations } from '../translate/Translations.js';
import { IbmRows } from '../write/find/IbmRows.js';
import type { WriteJob } from '../write/WriteJob.js';
import { delivered } from './delivered.js';
import { jobOf } from './Work.js';
import type { Work } from './Work.js';

/** `stood`: the target had the object where its row says. */
export interface Left {
  readonly result: DeliveryResult;
  readonly stood: boolean;
}

const UNCHANGED = { status: 'delivered', change: 'unchanged' } as const;
const DELETED = { status: 'delivered', change: 'deleted' } as const;

/** Objects that leave the target, or are closed there for good. */
export class Leaving {
  private readonly ibmRows: IbmRows;

  constructor(
    private readonly org: TargetOrg,
    private readonly translations: Translations,
  ) {
    this.ibmRows = new IbmRows(org);
  }

  async delete(work: Work): Promise<Left> {
    const { key } = work.event;
    const mapping = await this.ibmRows.verified(this.jobOf(work), mappingOf(work.known));
    if (mapping === undefined) {
      await this.org.rows.mark(key, 'deleted');
      return { result: UNCHANGED, stood: false };
    }
    const outcome = await this.org.removal.remove(mapping, work.context.signal);
    if (outcome !== 'refused') return { result: DELETED, stood: outcome === 'removed' };
    const reason = `the platform keeps this ${key.type}: it made it itself`;
    return { result: { status: 'skipped', reason }, stood: true };
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
  async unmatch(how: 'close' | 'delete', work: Work): Promise<Left> {
    const { unmatching } = this.org;
    const mapping = await this.ibmRows.verified(this.jobOf(work), mappingOf(work.known));
    if (how === 'delete' || mapping === undefined) {
      const outcome = await unmatching.delete(mapping ?? withoutTarget(mappingOf(work.known)), work.context.signal);
      return { result: mapping === undefined ? UNCHANGED : DELETED, stood: outcome !== 'missing' };
    }
    const { fields } = await this.translations.complete(asClosed(work.event), work.context);
    const closing = fields.filter((field) => field.closing === true);
    const written = await unmatching.close(jobOf(work, closing), { ...mapping, verified: true });
    return written === undefined ? { result: UNCHANGED, stood: false } : { result: delivered(written), stood: true };
  }

  private jobOf(work: Work): WriteJob {
    return jobOf(work, this.translations.of(work.event).fields);
  }
}

function withoutTarget({ target: _, ...mapping }: Mapping): Mapping {
  return mapping;
}
