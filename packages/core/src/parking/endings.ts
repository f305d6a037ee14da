import type { ParkMarks, ParkReason } from '../contract/FeedStore.js';
import { keyText } from '../contract/ObjectKey.js';
import type { ObjectKey } from '../contract/ObjectKey.js';

/** What the log of outcomes says about rows that end without a delivery; the same in every store. */
export const ENDINGS = {
  /** A newer snapshot of the object replaced the row's event. */
  replaced: { outcome: 'superseded', reason: 'replaced by a newer snapshot' },
  /** Whether the event or the existing row is right is unknown: the object is read again for both. */
  doubtful: { outcome: 'superseded', reason: 'the object will be read again: another snapshot of it is parked' },
  /** Somebody removed the row at this revision. */
  removed: { outcome: 'dropped', reason: 'removed' },
} as const;

/** The end of a row below an object that was deleted. */
export function endedWith({ type, objectId }: Pick<ObjectKey, 'type' | 'objectId'>): {
  readonly outcome: 'skipped';
  readonly reason: string;
} {
  return { outcome: 'skipped', reason: `its ${type} ${objectId} was deleted` };
}

/** Codes of failed rows that a person must decide about, as with `undecided`: to try again means to create the object. */
const QUESTIONS: ReadonlySet<string> = new Set(['target-missing']);

/** Whether a person must decide about rows like this before they are tried again. */
export function isQuestion(state: string | undefined, code: string | undefined): boolean {
  return state === 'undecided' || (state === 'failed' && code !== undefined && QUESTIONS.has(code));
}

/** The new reason of a row that is put back in line. If that answers a question, a person did it. */
export function rearmed(why: ParkReason): Extract<ParkReason, { state: 'deferred' }> {
  const wasAsked = isQuestion(why.state, why.state === 'failed' ? why.code : undefined);
  return { state: 'deferred', ...marksOf(why), ...(wasAsked ? { decided: true } : {}) };
}

/** The reason of a row whose event takes the place of another one. */
export function replacing<Why extends ParkReason>(why: Why): Why {
  return { ...why, replaces: true };
}

export function marksOf({ decided, replaces }: ParkMarks): ParkMarks {
  return { ...(decided === true ? { decided } : {}), ...(replaces === true ? { replaces } : {}) };
}

/**
 * The new reason of a row that will be read again, as another event of its object came: a failed one is tried again; an undecided
 * one stays for a person.
 */
export function whyInDoubt(why: ParkReason): ParkReason {
  return replacing(why.state === 'failed' ? { state: 'deferred' } : why);
}

/** Names one row: unique across feeds and objects. */
export function rowName(feed: string, key: ObjectKey): string {
  return JSON.stringify([feed, keyText(key)]);
}
