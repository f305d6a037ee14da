import { isNotFound } from '../write/notFound.js';
import { targetType } from '../fields/emailTypes.js';
import type { TargetRef } from '../mapping/Mapping.js';
import type { TargetObject } from '../write/TargetObject.js';
import type { ObjectWriters } from '../write/types/ObjectWriters.js';

/**
 * What stands in one incident of the target, each list read once and only if something of it is asked for: so there are
 * no more requests than objects.
 */
export class Standing {
  reads = 0;
  private readonly lists = new Map<string, Promise<readonly TargetObject[]>>();

  constructor(
    private readonly writers: ObjectWriters,
    private readonly signal: AbortSignal,
  ) {}

  /** `undefined`: it does not exist there, or we may not see it. */
  async find(type: string, target: TargetRef): Promise<TargetObject | undefined> {
    if (type === 'incident') {
      this.reads += 1;
      return this.writers.incidents.get(target.objectId, this.signal);
    }
    const all = await this.list(type, target);
    return all.find((one) => one.target.objectId === target.objectId);
  }

  list(type: string, { incidentId, taskId }: TargetRef): Promise<readonly TargetObject[]> {
    const name = JSON.stringify([targetType(type), incidentId, taskId]);
    const known = this.lists.get(name);
    if (known !== undefined) return known;
    this.reads += 1;
    const place = { incidentId, ...(taskId === undefined ? {} : { taskId }) };
    const list = this.writers
      .of(type)
      .list(place, type, this.signal)
      .catch((error: unknown) => {
        if (isNotFound(error)) return [];
        throw error;
      });
    this.lists.set(name, list);
    return list;
  }
}
