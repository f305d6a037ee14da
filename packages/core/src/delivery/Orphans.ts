import type { FeedEvent } from '../contract/FeedEvent.js';
import { keyText } from '../contract/ObjectKey.js';
import type { ObjectKey } from '../contract/ObjectKey.js';
import type { EventSource } from './EventSource.js';

/** What hangs below an object goes with it, but for one: an artifact may outlive that above it. The source knows. */
export class Orphans {
  constructor(private readonly source: EventSource) {}

  /** The event as it is now, where its object stands without this parent; `undefined`: it went with it. */
  async outliving(parent: ObjectKey, event: FeedEvent): Promise<FeedEvent | undefined> {
    if (parent.type !== 'artifact') return undefined;
    const now = await this.source.reread(event);
    const stands = now !== undefined && (now.parent === undefined || keyText(now.parent) !== keyText(parent));
    return stands ? now : undefined;
  }
}
