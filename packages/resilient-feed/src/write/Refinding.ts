import type { SoarObject } from '@soar-feed/core';
import type { MappingStore } from '../mapping/MappingStore.js';
import { originOf } from '../translate/defaultNote.js';
import { readTextArea } from '../translate/richText.js';
import type { Doubts } from './Doubts.js';
import { CLOCK_SKEW_MS, hasKey } from './findTwin.js';
import type { LostReplicas } from './LostReplicas.js';
import type { ObjectWriters } from './ObjectWriters.js';
import type { TargetObject } from './TargetObject.js';
import { placeOf } from './WriteJob.js';
import type { WriteJob } from './WriteJob.js';

/**
 * Where the mapping lost what it knew: the object that stands in the target already is found again instead of made a
 * second time. Incidents by what was lost; their objects, as the incident's row then says that it was found, by natural
 * key among those without a row, equal ones in the order of their ids.
 */
export class Refinding {
  constructor(
    private readonly mapping: MappingStore,
    private readonly writers: ObjectWriters,
    private readonly lost: LostReplicas,
    private readonly doubts: Doubts,
    /** Who we are in the target. */
    private readonly principalId: number,
  ) {}

  /** An incident without a row. Throws `PermanentError` `undecided` where several may be it. */
  async incident(job: WriteJob): Promise<TargetObject | undefined> {
    const { key } = job.event;
    // Rows of its objects may have survived it.
    const places = await this.mapping.placesOf(key);
    const found = places.length === 0 ? await this.lost.of(job) : oneOf(places);
    if (found === undefined) return undefined;
    if ('doubtful' in found) {
      const why = `The mapping does not know incident ${key.incidentId}, and the target has several that may be it: ${found.doubtful.join(', ')}.`;
      this.doubts.raise(job.event, why);
      return undefined;
    }
    const taken = await this.mapping.mappedTargets(found.id, 'incident');
    return taken.has(found.id) ? undefined : this.writers.incidents.get(found.id, job.signal);
  }

  /** `later`: its siblings may still show which of the objects there are not this one. Throws as `incident` does. */
  async child(job: WriteJob): Promise<TargetObject | 'later' | undefined> {
    const { unmapped, twin } = await this.look(job);
    if (twin !== undefined) return twin;
    const mayBeIt = unmapped.filter((object) => this.mayBeMadeFor(job, object));
    if (mayBeIt.length === 0) return undefined;
    if (this.doubts.postpone(job.event)) return 'later';
    const { type, objectId, incidentId } = job.event.key;
    const ids = mayBeIt.map(({ target }) => target.objectId).join(', ');
    const why = `The mapping does not know ${type} ${objectId} of incident ${incidentId}, and one of these in the target may be it, edited since: ${ids}.`;
    this.doubts.raise(job.event, why);
    return undefined;
  }

  /** One that is equal, or none. */
  async equalChild(job: WriteJob): Promise<TargetObject | undefined> {
    return (await this.look(job)).twin;
  }

  private async look(job: WriteJob): Promise<{ unmapped: readonly TargetObject[]; twin: TargetObject | undefined }> {
    const place = placeOf(job);
    const { type } = job.event.key;
    const siblings = await this.writers.siblings(place, type, job.signal);
    const mapped = await this.mapping.mappedTargets(place.incidentId, type);
    const unmapped = siblings
      .filter(({ target, parentId }) => !mapped.has(target.objectId) && (parentId ?? undefined) === place.parentId)
      .sort((a, b) => a.target.objectId - b.target.objectId);
    const key = this.writers.of(type).naturalKey(job);
    return { unmapped, twin: unmapped.find((sibling) => hasKey(sibling, key)) };
  }

  /** Not what others made, not what is older than the object itself, and not the note about the incident's origin. */
  private mayBeMadeFor({ event }: WriteJob, object: TargetObject): boolean {
    if (object.createdBy !== undefined && object.createdBy !== this.principalId) return false;
    const bornMs = birthOf(event.payload);
    if (bornMs !== undefined && object.createdAtMs !== undefined && object.createdAtMs < bornMs - CLOCK_SKEW_MS)
      return false;
    return event.key.type !== 'note' || originOf(textOf(object)) === undefined;
  }
}

function oneOf(places: readonly number[]): { readonly id: number } | { readonly doubtful: readonly number[] } {
  const [id, ...others] = places;
  return id !== undefined && others.length === 0 ? { id } : { doubtful: places };
}

/** When the source made it (ms, its clock), where its type says so. */
function birthOf(payload: SoarObject): number | undefined {
  const dates = [payload['create_date'], payload['created'], payload['init_date']];
  return dates.find((date): date is number => typeof date === 'number');
}

function textOf(note: TargetObject): string {
  return readTextArea(note.value({ name: 'text', inputType: 'textarea', value: null }), undefined)?.text ?? '';
}
