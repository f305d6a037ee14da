import type { ObjectKey } from '@soar-feed/core';
import { BoundedCache } from '../BoundedCache.js';

/**
 * Source incidents that the target refused to close, most likely because a task must be closed first. Kept as long as the process
 * runs, however often the feed opens.
 */
export class NotClosed {
  private readonly incidents = new BoundedCache<number, Refused>(100_000);

  /**
   * Whether to load it whole, which closes it last: twice, until something of it changes. During the second load, its objects no longer
   * wait for it (`isHopeless`), so that what a person must decide is shown before the incident is given up.
   */
  refused({ incidentId }: ObjectKey): boolean {
    const next = NEXT[this.incidents.get(incidentId) ?? 'never'];
    this.incidents.set(incidentId, next);
    return next !== 'given up';
  }

  closed({ incidentId }: ObjectKey): void {
    this.incidents.delete(incidentId);
  }

  /** Whether it was loaded whole and is not closed even so: its objects need not wait for it any more. */
  isHopeless({ incidentId }: ObjectKey): boolean {
    const refused = this.incidents.get(incidentId);
    return refused === 'twice' || refused === 'given up';
  }

  /** Whether the change of this object is a reason to try again. */
  mayCloseAfter({ type, incidentId }: ObjectKey): boolean {
    if (type !== 'task' || this.incidents.get(incidentId) !== 'given up') return false;
    this.incidents.delete(incidentId);
    return true;
  }
}

type Refused = 'once' | 'twice' | 'given up';

const NEXT: Readonly<Record<Refused | 'never', Refused>> = {
  never: 'once',
  once: 'twice',
  twice: 'given up',
  'given up': 'given up',
};
