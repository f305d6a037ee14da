import type { FeedStore, ListedRow, ParkedFilter, ParkedRaw, ParkState } from '../contract/FeedStore.js';
import { keyText } from '../contract/ObjectKey.js';
import type { ObjectKey } from '../contract/ObjectKey.js';
import { isQuestion, rowName } from './endings.js';

/** The parked rows and raw messages that a person selects; with nothing set, all of them. */
export interface ParkedSelection extends Omit<ParkedFilter, 'state'> {
  readonly state?: ParkState;
  /** One raw message. */
  readonly messageId?: string;
}

/** What was done by hand. */
export interface HandReport {
  /** Rows that were put back in line, or dropped. */
  readonly rows: number;
  /** Raw messages that were put back in line, or dropped. */
  readonly raw: number;
  /** Rows left alone, because they come back by themselves, or were replaced or ended meanwhile. */
  readonly left: number;
  /** Rows left alone, because a person must decide about them first: see `needsDecision`. */
  readonly undecided: number;
  /** The objects whose rows may have changed. */
  readonly touched: readonly { readonly feed: string; readonly key: ObjectKey }[];
}

/** Changes under way at once: they share commits. */
const AT_ONCE = 200;

/** The selected rows, oldest place first. */
export async function* selectRows(store: FeedStore, selection: ParkedSelection): AsyncGenerator<ListedRow> {
  const { state, messageId, ...filter } = selection;
  if (messageId !== undefined || state === 'raw') return;
  yield* store.parked.list({ ...filter, ...(state === undefined ? {} : { state }) });
}

/** The selected raw messages: none if the selection names a feed, a type or an object. */
export async function* selectRaw(store: FeedStore, selection: ParkedSelection): AsyncGenerator<ParkedRaw> {
  const { state = 'raw', messageId, code, feed, type, incidentId, objectId } = selection;
  if (state !== 'raw' || [feed, type, incidentId, objectId].some((wanted) => wanted !== undefined)) return;
  for await (const raw of store.parked.listRaw()) {
    if (messageId !== undefined && messageId !== raw.message.messageId) continue;
    if (code === undefined || code === raw.code) yield raw;
  }
}

/** Whether rows like this need a person's decision before they are tried again: it creates their objects anew. */
export function retryIsDecision({ state, code }: Pick<ParkedSelection, 'state' | 'code'>): boolean {
  return isQuestion(state, code);
}

/** Whether trying a row again is a decision: the object would be created, although it may exist at the destination or was deleted there. */
function needsDecision({ why }: ListedRow, { state, code }: ParkedSelection): boolean {
  if (why.state === 'undecided') return state !== 'undecided';
  return why.state === 'failed' && isQuestion(why.state, why.code) && code !== why.code;
}

/**
 * Puts failed and waiting rows back in line. Each object is read again at its turn; one that is gone at the source becomes a
 * delete. Undecided rows stay, unless the selection names that state; so do rows that failed with a code that needs a
 * decision. Raw messages will be decoded again. Throws `StoreError`.
 */
export async function retryParked(store: FeedStore, selection: ParkedSelection): Promise<HandReport> {
  const hand = new Hand();
  for await (const row of selectRows(store, selection)) {
    const { feed, key, revision, why } = row;
    if (why.state === 'deferred' || why.state === 'resync') hand.leave();
    else if (needsDecision(row, selection)) hand.leaveUndecided();
    else await hand.row(row, () => store.parked.rearm(feed, key, revision));
  }
  for await (const { message } of selectRaw(store, selection)) {
    await hand.raw(() => store.parked.rearmRaw(message.messageId));
  }
  return hand.report();
}

/**
 * Ends rows and raw messages for good, without delivery: their events end as dropped. Rows that wait for one of them are
 * dropped, too, because they would bring it back. Throws `StoreError`.
 */
export async function dropParked(store: FeedStore, selection: ParkedSelection): Promise<HandReport> {
  const hand = new Hand();
  let dropped: ListedRow[] = [];
  const dropOne = (row: ListedRow, reason: string): Promise<void> =>
    hand.row(row, async () => {
      const isDropped = await drop(store, row, reason);
      if (isDropped) dropped.push(row);
      return isDropped;
    });
  for await (const row of selectRows(store, selection)) await dropOne(row, 'dropped by hand');
  await hand.done();
  while (dropped.length > 0) {
    const parents = dropped;
    dropped = [];
    for (const { feed, key } of parents) {
      const { type, objectId, incidentId } = key;
      for await (const other of store.parked.list({ feed, state: 'waiting', incidentId }))
        if (waitsFor(other, key)) await dropOne(other, `dropped with its ${type} ${objectId}`);
    }
    await hand.done();
  }
  for await (const { message } of selectRaw(store, selection)) {
    await hand.raw(() => store.parked.removeRaw(message.messageId));
  }
  return hand.report();
}

function waitsFor({ why }: ListedRow, key: ObjectKey): boolean {
  return why.state === 'waiting' && keyText(why.on) === keyText(key);
}

async function drop(store: FeedStore, { feed, key, eventId, revision }: ListedRow, reason: string): Promise<boolean> {
  if (eventId === undefined) return store.parked.remove(feed, key, revision);
  const end = { outcome: 'dropped', reason, deleted: false } as const;
  return store.settlements.settle({ feed, key, eventId, ...end, parkedRevision: revision });
}

/** Makes changes, many at once and each row only once, and counts the results. */
class Hand {
  private readonly seen = new Map<string, { readonly feed: string; readonly key: ObjectKey }>();
  private readonly underWay = new Set<Promise<unknown>>();
  private rows = 0;
  private raws = 0;
  private left = 0;
  private undecided = 0;

  /** Does nothing if the row was changed before. Resolves once the change is under way. */
  async row({ feed, key }: ListedRow, change: () => Promise<boolean>): Promise<void> {
    const name = rowName(feed, key);
    if (this.seen.has(name)) return;
    this.seen.set(name, { feed, key });
    await this.begin(
      async () => {
        const isDone = await change();
        // Replaced meanwhile, or it ended by itself.
        if (!isDone) this.leave();
        return isDone;
      },
      () => (this.rows += 1),
    );
  }

  async raw(change: () => Promise<boolean>): Promise<void> {
    await this.begin(change, () => (this.raws += 1));
  }

  leave(): void {
    this.left += 1;
  }

  leaveUndecided(): void {
    this.undecided += 1;
  }

  /** Resolves once all that is under way is durable. */
  async done(): Promise<void> {
    await Promise.all(this.underWay);
  }

  async report(): Promise<HandReport> {
    await this.done();
    const { rows, raws: raw, left, undecided } = this;
    return { rows, raw, left, undecided, touched: [...this.seen.values()] };
  }

  private async begin(change: () => Promise<boolean>, count: () => void): Promise<void> {
    const work = change().then((done) => {
      if (done) count();
    });
    this.underWay.add(work);
    // The next wait for all of them throws the failure.
    work.then(
      () => this.underWay.delete(work),
      () => undefined,
    );
    if (this.underWay.size >= AT_ONCE) await Promise.all(this.underWay);
  }
}
