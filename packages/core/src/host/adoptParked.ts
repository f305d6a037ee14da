import { PermanentError } from '../contract/errors.js';
import type { FeedStore, ListedRow } from '../contract/FeedStore.js';
import { keyText } from '../contract/ObjectKey.js';
import type { Feed } from '../delivery/Feed.js';
import { selectRows } from '../parking/byHand.js';
import type { HandReport, ParkedSelection } from '../parking/byHand.js';

/**
 * A person says which object at the destination is the counterpart of a parked row: the target remembers it, and the row goes
 * back in line. Throws `PermanentError` if the selection means no row or several, or the target refuses; `UnavailableError`
 * while the target is away; `StoreError`.
 */
export async function adoptParked(
  store: FeedStore,
  feeds: readonly Feed[],
  selection: ParkedSelection,
  targetId: number,
): Promise<HandReport> {
  const row = await theRow(store, selection);
  const { feed: name, key, revision } = row;
  const feed = feeds.find((one) => one.name === name);
  if (feed === undefined)
    throw refused(`${keyText(key)} is parked for ${name}, and this host has no feed of that name.`);
  await feed.adopt(row, targetId);
  // If a newer event replaced the row meanwhile, that one finds the counterpart, too.
  const isBack = await store.parked.rearm(name, key, revision);
  return { rows: isBack ? 1 : 0, raw: 0, left: isBack ? 0 : 1, undecided: 0, touched: [{ feed: name, key }] };
}

async function theRow(store: FeedStore, selection: ParkedSelection): Promise<ListedRow> {
  const rows: ListedRow[] = [];
  for await (const row of selectRows(store, selection)) rows.push(row);
  const [row, other] = rows;
  if (row === undefined) throw refused('No object is parked under that name.');
  if (other !== undefined) {
    const feeds = rows.map(({ feed }) => feed).join(', ');
    throw refused(`${keyText(row.key)} is parked in several feeds: say which one of ${feeds}.`);
  }
  if (row.why.state === 'undecided' || row.why.state === 'failed') return row;
  throw refused(`${keyText(row.key)} is parked as ${row.why.state}: it comes back by itself.`);
}

function refused(why: string): PermanentError {
  return new PermanentError(why, { code: 'adopt-refused' });
}
