import type { ObjectKey } from '@soar-feed/core';
import { BoundedCache } from '../BoundedCache.js';

/**
 * Source incidents that the target refused to close, most likely because a task must be closed first. Kept as long as the process
 * runs, however often the feed opens.
 */
export class NotClosed {
  private readonly incidents = new BoundedCache<number, 'loaded' | 'given up'>(100_000);

  /** Whether to load it whole, which closes it last: only once until something of it changes. */
  refused({ incidentId }: ObjectKey): boolean {
    const isFirst = this.incidents.get(incidentId) === undefined;
    this.incidents.set(incidentId, isFirst ? 'loaded' : 'given up');
    return isFirst;
  }

  closed({ incidentId }: ObjectKey): void {
    this.incidents.delete(incidentId);
  }

  /** Whether the change of this object is a reason to try again. */
  mayCloseAfter({ type, incidentId }: ObjectKey): boolean {
    if (type !== 'task' || this.incidents.get(incidentId) !== 'given up') return false;
    this.incidents.delete(incidentId);
    return true;
  }
}
