import { Pauses } from '../../source/patience/Pauses.js';
import { LOADED } from '../../source/patience/policy.js';
import type { Parking } from '../Parking.js';
import type { FeedDoor } from './FeedDoor.js';
import { Turns } from './Turns.js';
import type { TurnServices } from './Turns.js';

/** The wishes to load whole incidents. */
export class ResyncWishes {
  private readonly incidents: Turns<number>;
  /** Those that were just loaded: a target may ask again for what a load does not bring. */
  private readonly loaded: Pauses<number>;

  constructor(
    private readonly feed: FeedDoor,
    private readonly parking: Parking,
    /** Loads one incident whole into the feed. Rejects when any of it could not be read. */
    private readonly load: (incidentId: number) => Promise<void>,
    private readonly services: TurnServices,
  ) {
    this.incidents = new Turns(services);
    this.loaded = new Pauses(LOADED, services);
  }

  /** Not while the feed lags: it would only park what is loaded, and no parked incident brings its objects with it. */
  async fulfil(): Promise<void> {
    const { feed, parking, incidents, loaded } = this;
    if (parking.index.count('resync') === 0) return;
    for (const row of await parking.resyncs()) {
      if (this.services.stopping.aborted || !feed.up || feed.lagging) return;
      const { key, revision } = row;
      if (incidents.has(key.incidentId) || loaded.has(key.incidentId)) continue;
      const worked = await incidents.take({
        ...{ key, name: key.incidentId, asksSource: true, failsWhenRefused: true },
        work: () => this.load(key.incidentId),
        failed: 'The incident could not be loaded whole',
        fail: (why) => feed.endRow(row, why),
      });
      if (!worked) continue;
      incidents.end(key.incidentId);
      loaded.rest(key.incidentId);
      await parking.remove(key, revision);
    }
    incidents.over();
  }
}
