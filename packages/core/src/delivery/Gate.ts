import type { FeedEvent } from '../contract/FeedEvent.js';
import { judgeFreshness } from '../lanes/judgeFreshness.js';
import type { Parking } from '../parking/Parking.js';
import type { Ending } from './Ending.js';
import { GONE } from './Ending.js';
import type { Entry } from './Entry.js';
import type { EventSource } from './EventSource.js';

/** The last look before a delivery: nothing parked is overtaken, nothing old is applied. */
export class Gate {
  constructor(
    private readonly parking: Parking,
    private readonly source: EventSource,
    private readonly ending: Ending,
  ) {}

  /** A parked row is never overtaken: neither by a newer event of its object, nor by its incident's line. */
  mustStayBehind({ key }: FeedEvent): boolean {
    return this.parking.index.has(key) || this.parking.index.hasDeferred(key.incidentId);
  }

  /** What is to be delivered, brought up to date where stamps cannot tell; the rest ends here. */
  async admit(entries: readonly Entry[]): Promise<readonly Entry[]> {
    const admitted: Entry[] = [];
    for (const entry of entries) if (await this.admits(entry)) admitted.push(entry);
    return admitted;
  }

  private async admits(entry: Entry): Promise<boolean> {
    if (entry.parkedRevision === undefined && this.mustStayBehind(entry.event)) {
      await this.ending.parked(entry, { state: 'deferred' });
      return false;
    }
    switch (judgeFreshness(entry.event, await this.parking.last(entry.event.key), entry.requestedAtMs)) {
      case 'apply':
        return true;
      case 'superseded':
        await this.ending.superseded(entry);
        return false;
      case 'reread': {
        const now = await this.source.reread(entry.event);
        if (now === undefined) {
          await this.ending.skipped(entry, GONE);
          return false;
        }
        entry.event = now;
        return true;
      }
    }
  }
}
