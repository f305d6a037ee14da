import type { FeedStore, ListedRow, ParkedFilter, ParkedRaw, ParkState } from '../contract/FeedStore.js';
import { keyText } from '../contract/ObjectKey.js';
import type { ObjectKey } from '../contract/ObjectKey.js';
import { rowName } from './endings.js';

/** Which parked rows and raw messages a person means; nothing set means all of them. */
export interface ParkedSelection extends Omit<ParkedFilter, 'state'> {
  readonly state?: ParkState;
  /** One raw message. */
  readonly messageId?: string;
}

/** What was done by hand. */
export interface HandReport {
  /** Rows that were put back in line, or dropped. */
  readonly rows: number;
  /** Raw messages likewise. */
  readonly raw: number;
  /** Rows left alone, since they come back by themselves, or were replaced or ended meanwhile. */
  readonly left: number;
  /** Rows left alone, since trying them again would decide what a person must: see `needsDecision`. */
  readonly undecided: number;
  /** The objects whose rows are no longer what they were. */
  readonly touched: readonly { readonly feed: string; readonly key: ObjectKey }[];
}

/** Changes under way at once: they share commits. */
const AT_ONCE = 200;

/** The rows a selection means, oldest place first. */
export async function* selectRows(store: FeedStore, selection: ParkedSelection): AsyncGenerator<ListedRow> {
  const { state, messageId, ...filter } = selection;
  if (messageId !== undefined || state === 'raw') return;
  yield* store.parked.list({ ...filter, ...(state === undefined ? {} : { state }) });
}

/** The raw messages a selection means: those it does not exclude by a feed, a type or an object. */
export async function* selectRaw(store: FeedStore, selection: ParkedSelection): AsyncGenerator<ParkedRaw> {
  const { state = 'raw', messageId, code, feed, type, incidentId, objectId } = selection;
  if (state !== 'raw' || [feed, type, incidentId, objectId].some((wanted) => wanted !== undefined)) return;
  for await (const raw of store.parked.listRaw()) {
    if (messageId !== undefined && messageId !== raw.message.messageId) continue;
    if (code === undefined || code === raw.code) yield raw;
  }
}

/** Codes of failures that ask a person, as `undecided` does: to try again means to make the object. */
const QUESTIONS: ReadonlySet<string> = new Set(['target-missing']);

/** Whether to try a row again is a decision: the object would be made, though it may stand at the destination or was deleted there. */
function needsDecision({ why }: ListedRow, { state, code }: ParkedSelection): boolean {
  if (why.state === 'undecided') return state !== 'undecided';
  return why.state === 'failed' && QUESTIONS.has(why.code) && code !== why.code;
}

/**
 * Puts what was given up and what waits back in line; each object is read anew at its turn, and one that is gone at the
 * source then becomes a delete. What is undecided stays, unless the selection asks for that state; likewise what failed
 * with a code that asks a person. Raw messages will be decoded again. Throws `StoreError`.
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
 * Ends rows and raw messages undelivered, for good: their events end as dropped, and so do those that wait for one of
 * them, as they would bring it back. Throws `StoreError`.
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

/** Does changes, many at once and each row once, and counts what came of them. */
class Hand {
  private readonly seen = new Map<string, { readonly feed: string; readonly key: ObjectKey }>();
  private readonly underWay = new Set<Promise<unknown>>();
  private rows = 0;
  private raws = 0;
  private left = 0;
  private undecided = 0;

  /** Does nothing when the row was done before. Resolves once the change is on its way. */
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
    // A failure is thrown by the next wait for the whole.
    work.then(
      () => this.underWay.delete(work),
      () => undefined,
    );
    if (this.underWay.size >= AT_ONCE) await Promise.all(this.underWay);
  }
}
