import type { FeedStore, ParkedEvent, ParkedFilter, ParkedRaw, ParkState } from '../contract/FeedStore.js';
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
  /** Rows left alone, since they come back by themselves. */
  readonly left: number;
  /** Rows left alone, since trying them again would decide what a person must: see `needsDecision`. */
  readonly undecided: number;
  /** The objects whose rows are no longer what they were. */
  readonly touched: readonly { readonly feed: string; readonly key: ObjectKey }[];
}

export type ListedRow = Omit<ParkedEvent, 'payload'>;

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
  for await (const row of selectRows(store, selection)) await dropWithThoseWaiting(store, hand, row);
  for await (const { message } of selectRaw(store, selection)) {
    await hand.raw(() => store.parked.removeRaw(message.messageId));
  }
  return hand.report();
}

async function dropWithThoseWaiting(store: FeedStore, hand: Hand, first: ListedRow): Promise<void> {
  const line: (readonly [ListedRow, string])[] = [[first, 'dropped by hand']];
  for (const [row, reason] of line) {
    if (!(await hand.row(row, () => drop(store, row, reason)))) continue;
    const { type, objectId } = row.key;
    const others = store.parked.list({ feed: row.feed, state: 'waiting', incidentId: row.key.incidentId });
    for await (const other of others) {
      if (waitsFor(other, row.key)) line.push([other, `dropped with its ${type} ${objectId}`]);
    }
  }
}

function waitsFor({ why }: ListedRow, key: ObjectKey): boolean {
  return why.state === 'waiting' && keyText(why.on) === keyText(key);
}

async function drop(store: FeedStore, { feed, key, eventId, revision }: ListedRow, reason: string): Promise<boolean> {
  if (eventId === undefined) return store.parked.remove(feed, key, revision);
  const end = { outcome: 'dropped', reason, deleted: false } as const;
  await store.settlements.settle({ feed, key, eventId, ...end, parkedRevision: revision });
  return true;
}

/** Does changes, many at once and each row once, and counts what came of them. */
class Hand {
  private readonly seen = new Map<string, { readonly feed: string; readonly key: ObjectKey }>();
  private readonly underWay = new Set<Promise<unknown>>();
  private rows = 0;
  private raws = 0;
  private left = 0;
  private undecided = 0;

  /** `false` when the row was done before. Resolves once the change is on its way. */
  async row({ feed, key }: ListedRow, change: () => Promise<boolean>): Promise<boolean> {
    const name = rowName(feed, key);
    if (this.seen.has(name)) return false;
    this.seen.set(name, { feed, key });
    await this.begin(change, () => (this.rows += 1));
    return true;
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

  async report(): Promise<HandReport> {
    await Promise.all(this.underWay);
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
