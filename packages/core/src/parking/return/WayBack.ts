import { StoppingError } from '../../contract/errors.js';
import type { FeedEvent } from '../../contract/FeedEvent.js';
import type { ParkedEvent } from '../../contract/FeedStore.js';
import { keyText } from '../../contract/ObjectKey.js';
import type { EventSource } from '../../source/EventSource.js';
import { refusalOf } from '../../trouble/classify.js';
import { marksOf } from '../endings.js';
import type { FeedDoor } from './FeedDoor.js';

/** The way of one row back into its lane. */
export class WayBack {
  private readonly underWay = new Set<string>();

  constructor(
    private readonly feed: FeedDoor,
    private readonly source: EventSource,
  ) {}

  /**
   * Resolves once the row's event is in its lane, so that rows brought back one after the other keep their order. `false`: an
   * older event of its object, or an older state of the row, is still on its way, so this one has to wait, and so have those
   * behind it. What the source refuses to give fails; rejects when the source cannot be asked now. `read` gives the event;
   * default: as the row says.
   */
  async bring(
    row: ParkedEvent,
    read: () => Promise<FeedEvent | undefined> = () => this.source.rebuild(row),
  ): Promise<boolean> {
    const text = keyText(row.key);
    const own = row.eventId === undefined ? undefined : this.feed.underWay(row.key.incidentId, row.eventId);
    if (own !== undefined) return own.parkedRevision === undefined || own.parkedRevision === row.revision;
    if (this.underWay.has(text)) return false;
    this.underWay.add(text);
    const done = (): boolean => this.underWay.delete(text);
    let isAccepted = false;
    try {
      const found = await read();
      const event = found && { ...found, ...marksOf(row.why) };
      if (event !== undefined) {
        isAccepted = true;
        void this.feed.accept(event, { parkedRevision: row.revision }).then(done, done);
        return true;
      }
      await this.feed.endRow(row, 'gone');
    } catch (error) {
      const refusal = error instanceof StoppingError ? undefined : refusalOf(error);
      if (refusal === undefined) throw error;
      await this.feed.endRow(row, { state: 'failed', ...refusal, attempts: 1 });
    } finally {
      if (!isAccepted) done();
    }
    return true;
  }
}
