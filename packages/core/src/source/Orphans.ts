import type { FeedEvent } from '../contract/FeedEvent.js';
import { keyText } from '../contract/ObjectKey.js';
import type { ObjectKey } from '../contract/ObjectKey.js';
import { mayLeave } from '../hierarchy/hierarchy.js';
import { containerOf } from '../hierarchy/parentOf.js';
import { taskIdOf } from '../hierarchy/taskOf.js';
import type { EventSource } from './EventSource.js';

/** What hangs below an object that will not come: it went with it, or it outlives it, which only the source can tell. */
export class Orphans {
  constructor(private readonly source: EventSource) {}

  /** The event as its object stands now, below this parent or another; `undefined`: it went with it. */
  async outliving(parent: ObjectKey, event: FeedEvent): Promise<FeedEvent | undefined> {
    if (!mayLeave(parent.type)) return undefined;
    const now = await this.source.reread(event);
    return now === undefined || event.restored === undefined ? now : { ...now, restored: true };
  }

  /** As `outliving`; where it still names that parent, which is gone at the source, it hangs under its task or incident. */
  async without(parent: ObjectKey, event: FeedEvent): Promise<FeedEvent | undefined> {
    const now = await this.outliving(parent, event);
    return now === undefined || !isBelow(now, parent) ? now : { ...now, parent: containerOf(now.key, taskIdOf(now)) };
  }
}

function isBelow(event: FeedEvent, parent: ObjectKey): boolean {
  return event.parent !== undefined && keyText(event.parent) === keyText(parent);
}
