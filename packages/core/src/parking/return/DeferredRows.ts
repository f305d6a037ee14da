import type { ParkedEvent } from '../../contract/FeedStore.js';
import { isResyncKey } from '../../contract/FeedStore.js';
import type { Parking } from '../Parking.js';
import type { FeedDoor } from './FeedDoor.js';
import { Turns } from './Turns.js';
import type { TurnServices } from './Turns.js';
import type { WaitingRows } from './WaitingRows.js';
import type { WayBack } from './WayBack.js';

/** When this many incidents cannot be read, the source itself is in trouble. */
const MOST_PAUSING = 1_000;

/** The rows that are in line for delivery. A row that cannot be read holds up only its own incident. */
export class DeferredRows {
  private readonly incidents: Turns<number>;
  /** Incidents whose next row has to wait for what comes before it; a later pass goes on with them. */
  private readonly held = new Set<number>();

  constructor(
    private readonly feed: FeedDoor,
    private readonly parking: Parking,
    private readonly way: WayBack,
    private readonly services: TurnServices,
    private readonly waiting: Pick<WaitingRows, 'isWaking'>,
  ) {
    this.incidents = new Turns(services);
  }

  /** In order, a chunk at a time, as there is room. Rows that are in their lanes already do not hold up those behind them. */
  async bring(): Promise<void> {
    this.held.clear();
    for (let after: number | undefined; ;) {
      const pausing = this.incidents.names();
      if (pausing.length >= MOST_PAUSING) return;
      const rows = await this.parking.deferred([...pausing, ...this.held], after);
      for (const row of rows) {
        if (this.services.stopping.aborted || !this.feed.up) return;
        await this.bringOne(row);
      }
      after = rows.at(-1)?.place;
      if (after === undefined) break;
    }
    this.incidents.over();
  }

  private async bringOne(row: ParkedEvent): Promise<void> {
    const { feed, parking, way, incidents, held } = this;
    const { key } = row;
    // A row before it could not be read, or has to wait.
    if (incidents.has(key.incidentId) || held.has(key.incidentId)) return;
    if (this.waiting.isWaking(key.incidentId)) return void held.add(key.incidentId);
    await feed.room(key.incidentId);
    const worked = await incidents.take({
      ...{ key, name: key.incidentId, asksSource: readsSource(row) },
      work: async () => {
        // A wish that was given up, and that a person puts back in line, becomes a wish again.
        if (isResyncKey(key)) await parking.wishResync(key);
        else if (!(await way.bring(row))) held.add(key.incidentId);
      },
      failed: 'The row could not be brought back',
      fail: (why) => feed.endRow(row, why),
    });
    if (worked) incidents.end(key.incidentId);
  }
}

/** Only a row without its payload is read from the source. */
function readsSource({ key, payload, operation }: ParkedEvent): boolean {
  return payload === undefined && operation !== 'delete' && !isResyncKey(key);
}
