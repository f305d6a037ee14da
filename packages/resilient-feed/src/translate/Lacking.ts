import type { FeedEvent, ObjectKey } from '@soar-feed/core';
import { lossKey } from './LossReport.js';
import type { Loss, Translation } from '../fields/TranslatedField.js';

const MAX_LOSSES = 500;
const MAX_INCIDENTS = 10_000;

interface Lack {
  /** The last event that lost something for it. */
  sample: FeedEvent;
  readonly incidents: Map<number, ObjectKey>;
  /** More incidents lost something for it than are remembered. */
  hasMore: boolean;
}

export interface Regained {
  readonly incidents: readonly ObjectKey[];
  /** There may be more, which were not remembered. */
  readonly hasMore: boolean;
}

/**
 * What the target lacks, and the incidents that lost something for it: once the target has it, they are to be loaded again. It
 * remembers 500 different losses and 10,000 incidents, until the process ends.
 */
export class Lacking {
  private readonly lacks = new Map<string, Lack>();
  private size = 0;
  /** There were more different losses than are remembered. */
  private overflowed = false;

  get isEmpty(): boolean {
    return this.lacks.size === 0;
  }

  note(event: FeedEvent, losses: readonly Loss[]): void {
    const { orgId, incidentId, type } = event.key;
    for (const loss of losses) {
      const key = keyOf(type, loss);
      const lack = this.lacks.get(key) ?? { sample: event, incidents: new Map<number, ObjectKey>(), hasMore: false };
      if (!this.lacks.has(key) && this.lacks.size >= MAX_LOSSES) {
        this.overflowed = true;
        continue;
      }
      this.lacks.set(key, lack);
      lack.sample = event;
      if (lack.incidents.has(incidentId)) continue;
      if (this.size >= MAX_INCIDENTS) lack.hasMore = true;
      else {
        lack.incidents.set(incidentId, { orgId, incidentId, type: 'incident', objectId: incidentId });
        this.size += 1;
      }
    }
  }

  /** Forgets the losses that `translate` no longer shows, and gives their incidents. */
  regained(translate: (event: FeedEvent) => Translation): Regained {
    const incidents = new Map<number, ObjectKey>();
    let { overflowed: hasMore } = this;
    for (const [key, lack] of this.lacks) {
      const { type } = lack.sample.key;
      if (translate(lack.sample).losses.some((loss) => keyOf(type, loss) === key)) continue;
      for (const [id, incident] of lack.incidents) incidents.set(id, incident);
      hasMore ||= lack.hasMore;
      this.size -= lack.incidents.size;
      this.lacks.delete(key);
    }
    return { incidents: [...incidents.values()], hasMore };
  }
}

function keyOf(type: string, loss: Loss): string {
  return `${type} ${lossKey(loss)}`;
}
