import { PermanentError, keyText } from '@soar-feed/core';
import type { ObjectKey } from '@soar-feed/core';
import type { Mapping } from '../../mapping/Mapping.js';
import { sharing } from '../../mapping/Mapping.js';
import type { Rows } from '../../mapping/Rows.js';
import { isNotFound } from '../notFound.js';
import type { ObjectWriters } from '../types/ObjectWriters.js';

/** `missing`: the target did not have it. */
export type Removed = 'removed' | 'missing' | 'refused';

/** Deletes objects in the target. */
export class Removal {
  constructor(
    private readonly rows: Rows,
    private readonly writers: ObjectWriters,
  ) {}

  /** Deletes the object, and marks its row and all rows below it. */
  async remove(mapping: Mapping, signal: AbortSignal): Promise<Removed> {
    const { source, target } = mapping;
    if (target === undefined)
      throw new PermanentError(`${keyText(source)} has no object in the target.`, { code: 'mapping-without-target' });
    const outcome = await this.erase(mapping, signal);
    await this.rows.mark(source, 'deleted');
    return outcome;
  }

  /** Deletes what the source deleted while the incident did not match. */
  async removeDue(incident: ObjectKey, signal: AbortSignal): Promise<void> {
    const due = [...(await this.rows.ofIncident(incident)).values()].filter(({ flags }) => flags.deleteDue);
    for (const mapping of due) if (mapping.state === 'active') await this.remove(mapping, signal);
  }

  /**
   * Blanks a note that the source deleted and keeps as a frame for its replies. The target would delete it whole while
   * its replies are missing, so it is deleted once the last of them (`replies`, source ids) is there.
   */
  async blank(mapping: Mapping, replies: readonly number[], signal: AbortSignal): Promise<'done' | 'later'> {
    const { source } = mapping;
    const found = await this.rows.findAll(replies.map((objectId) => ({ ...source, objectId })));
    const missing = replies.some((objectId) => !isSettled(found.get(keyText({ ...source, objectId }))));
    if (missing) {
      await this.rows.flag(source, { ...mapping.flags, blankAfter: replies });
      return 'later';
    }
    await this.removeOne(mapping, signal);
    await this.rows.flag(source, { blanked: true });
    return 'done';
  }

  /** Deletes the object without touching the mapping. */
  async erase({ source, target }: Pick<Mapping, 'source' | 'target'>, signal: AbortSignal): Promise<Removed> {
    const outcomes: Removed[] = [];
    if (target === undefined) return 'missing';
    for (const objectId of [target.objectId, ...(target.extraIds ?? [])]) {
      // Equal artifacts may be one in the target: it stays while another one of the source stands for it.
      if (source.type === 'artifact' && (await this.isShared(source, objectId))) continue;
      outcomes.push(await this.removeOne({ source, target: { ...target, objectId } }, signal));
    }
    if (outcomes.includes('refused')) return 'refused';
    return outcomes.length > 0 && outcomes.every((outcome) => outcome === 'missing') ? 'missing' : 'removed';
  }

  private async isShared(source: ObjectKey, targetId: number): Promise<boolean> {
    return sharing(await this.rows.ofIncident(source), source, targetId).length > 0;
  }

  private async removeOne(
    { source, target }: Pick<Mapping, 'source' | 'target'>,
    signal: AbortSignal,
  ): Promise<Removed> {
    if (target === undefined) return 'missing';
    const outcome = await this.writers
      .of(source.type)
      .remove(target, source.type, signal)
      .catch((error: unknown) => {
        if (isNotFound(error)) return 'missing' as const;
        throw error;
      });
    if (outcome !== 'refused') this.writers.gone(target, source.type);
    return outcome;
  }
}

function isSettled(mapping: Mapping | undefined): boolean {
  return mapping !== undefined && mapping.state !== 'filtered';
}
