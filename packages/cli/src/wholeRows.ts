import type { FeedStore, ParkedEvent, ParkedRaw } from '@soar-feed/core';
import { keyText } from '@soar-feed/core';
import { selectRaw, selectRows } from '@soar-feed/core/runtime';
import type { ParkedSelection } from '@soar-feed/core/runtime';

/** A parked row or raw message with all its data; `row` is its name. */
export type WholeRow =
  ({ readonly row: string } & ParkedEvent) | ({ readonly row: string; readonly state: 'raw' } & ParkedRaw);

/** Every row of the selection with all its data, one by one, so that a row of any size fits into memory. */
export async function* wholeRows(store: FeedStore, selection: ParkedSelection): AsyncGenerator<WholeRow> {
  for await (const { feed, key } of selectRows(store, selection)) {
    const whole = await store.parked.find(feed, key);
    // It may have been delivered since it was listed.
    if (whole !== undefined) yield { row: keyText(key), ...whole };
  }
  for await (const raw of selectRaw(store, selection)) {
    yield { row: raw.message.messageId, state: 'raw', ...raw };
  }
}
