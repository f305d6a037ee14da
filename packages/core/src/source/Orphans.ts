import type { FeedEvent } from '../contract/FeedEvent.js';
import { keyText } from '../contract/ObjectKey.js';
import type { ObjectKey } from '../contract/ObjectKey.js';
import { mayLeave } from '../hierarchy/hierarchy.js';
import { containerOf } from '../hierarchy/parentOf.js';
import { taskIdOf } from '../hierarchy/taskOf.js';
import type { EventSource } from './EventSource.js';

/** Objects whose parent will never come: they were deleted with it, or outlive it. Only the source knows. */
export class Orphans {
  constructor(private readonly source: EventSource) {}

  /** The event with its object as it is now, below this parent or another; `undefined`: it was deleted with the parent. */
  async outliving(parent: ObjectKey, event: FeedEvent): Promise<FeedEvent | undefined> {
    if (!mayLeave(parent.type)) return undefined;
    const now = await this.source.reread(event);
    return now === undefined || event.restored === undefined ? now : { ...now, restored: true };
  }

  /**
   * As `outliving`, but a delete stays what it is: the destination may have the object without the parent. If the object still names the
   * parent, which is gone at the source, it is put under its task or incident.
   */
  async without(parent: ObjectKey, event: FeedEvent): Promise<FeedEvent | undefined> {
    const isDelete = event.operation === 'delete' && mayLeave(parent.type);
    const now = isDelete ? event : await this.outliving(parent, event);
    return now === undefined || !isBelow(now, parent) ? now : { ...now, parent: containerOf(now.key, taskIdOf(now)) };
  }
}

function isBelow(event: FeedEvent, parent: ObjectKey): boolean {
  return event.parent !== undefined && keyText(event.parent) === keyText(parent);
}
