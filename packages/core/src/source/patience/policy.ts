import { SoarApiError } from '@soar-feed/soar-client';
import { FeedError } from '../../contract/errors.js';
import { EVENT_BACKOFF } from '../../trouble/backoff.js';
import type { Backoff } from '../../trouble/backoff.js';
import { classify } from '../../trouble/classify.js';

/**
 * How the source is asked again, for everyone who asks it: the one place that says how often, after which pauses, what
 * counts as the source being away, and which lines are logged.
 */

/**
 * What a failed question says about the next one.
 *
 * - `away`: the source as a whole does not answer: the network, the login, or a gateway in its place.
 * - `passing`: this one answer may be a different one later.
 * - `refused`: asking again changes nothing.
 * - `fault`: a bug of ours. Asking again repeats it; the source is fine.
 */
export type Trouble = 'away' | 'passing' | 'refused' | 'fault';

export function troubleOf(error: unknown): Trouble {
  const verdict = classify(error);
  switch (verdict.move) {
    case 'pause':
      return 'away';
    case 'retry':
    case 'look-again':
      return 'passing';
    case 'gone':
      return 'refused';
    case 'give-up':
      return verdict.fault === true ? 'fault' : 'refused';
  }
}

/** How long the source asks us to wait, ms; 0: it does not say. */
export function askedPauseMs(error: unknown): number {
  const verdict = classify(error);
  return 'retryAfterMs' in verdict ? (verdict.retryAfterMs ?? 0) : 0;
}

/** For a question whose asker can wait for the answer. */
export interface WaitPolicy {
  /** Tries before the question is given up, or before it is decided whose trouble it is. */
  readonly tries: number;
  /** The tries count for all questions of one asker together, not for each. */
  readonly together?: true;
  /** The tries are the end, even while the source is away. Otherwise an outage is waited out. */
  readonly endsWithTries?: true;
  /** Longest wait for a source that is away, ms; default: until it is back. */
  readonly awayMs?: number;
  readonly backoff: Backoff & { readonly atLeastMs?: number };
  /** Default `troubleOf`. */
  readonly troubleOf?: (error: unknown) => Trouble;
  /** Failures in a row from which on the trouble is shown in the status. */
  readonly shownFrom: number;
  /** The log line. The first failure in a row is a warning, the others are `debug`, unless `warnsEachTime`. */
  readonly line: (what: string, why: string, pauseMs: number) => string;
  readonly warnsEachTime?: true;
  /** What the status shows; default: the line. */
  readonly shows?: (why: string) => string;
}

/**
 * All that one message asks of the source. The messages behind it wait meanwhile, so the tries are few, count for all its
 * questions together, and are not renewed when the message comes up again.
 */
export const ONE_MESSAGE: WaitPolicy = {
  tries: 5,
  together: true,
  endsWithTries: true,
  backoff: EVENT_BACKOFF,
  shownFrom: Infinity,
  line: (_, why, pauseMs) =>
    `The source could not be asked about a message; it will be asked again in ${pauseMs} ms: ${why}`,
};

/** A reload in the background: nobody waits for it, so it outlasts any outage. */
export const RELOAD: WaitPolicy = {
  tries: 6,
  backoff: EVENT_BACKOFF,
  shownFrom: 2,
  line: (what, why) => `${what} could not be read, trying again: ${why}`,
};

/** A reload that somebody waits for. */
export const RELOAD_FOR_SOMEBODY: WaitPolicy = { ...RELOAD, awayMs: 5 * 60_000 };

/** The load of one incident for one feed: the feed's other rows come after it. */
export const RESYNC: WaitPolicy = { ...RELOAD, awayMs: 5_000 };

/** A trouble of the whole source that lasts longer counts as permanent: the rest is read, this is reported. ms. */
export const LASTING_MS = 30 * 60_000;

/** A part that no incident gives for this long, although the source answers otherwise, is done without. ms. */
export const PART_LASTING_MS = 5 * 60_000;

/** The start. Only a source that does not answer yet, or does not give its types, is waited for; anything else needs a person. */
export const START: WaitPolicy = {
  tries: Infinity,
  backoff: { firstMs: 1_000, capMs: 30_000, atLeastMs: 500 },
  troubleOf: (error) => {
    if (FeedError.is(error)) return error.kind === 'unavailable' ? 'away' : 'refused';
    return SoarApiError.is(error) && error.retryable ? 'away' : 'refused';
  },
  shownFrom: 1,
  line: (_, why, pauseMs) =>
    `The start waits for the source, tried again in ${Math.round(pauseMs / 100) / 10} s: ${why}`,
  warnsEachTime: true,
  shows: (why) => why,
};

/** A start that must not wait. */
export const START_AT_ONCE: WaitPolicy = { ...START, tries: 1, endsWithTries: true };

/** Between the tries of a reload in the background that could not even begin. */
export const BACKGROUND_RELOAD: Backoff = { firstMs: 30_000, capMs: 30 * 60_000 };

/** For what cannot wait in place: it is left alone for a while, longer each time, and asked for again later. */
export interface PausePolicy {
  readonly backoff: Backoff;
  /** Of the log. The first line is a warning, the others are `debug`. */
  readonly line: (why: string) => string;
  readonly event?: string;
}

/** An event in its lane. */
export const LANE: PausePolicy = {
  backoff: { firstMs: 1_000, capMs: 30_000 },
  line: (why) => `The source does not give it now; it will be asked again until it does: ${why}`,
  event: 'source.waits',
};

/** A parked row. */
export const ROW: PausePolicy = {
  backoff: { firstMs: 1_000, capMs: 60_000 },
  line: (why) => `A parked row could not be brought back now; it will be tried again later: ${why}`,
};

/** An incident that was just loaded whole, and is to be loaded again: a target that asks for that without end makes no storm. */
export const LOADED: PausePolicy = { ...ROW, backoff: { firstMs: 500, capMs: 30_000 } };

/** The parked rows of a feed while the source is away: one warning when it begins, one line when it is over. */
export const OUTAGE = {
  begins: (feed: string, why: string) =>
    `Parked rows of ${feed} cannot be brought back now; they will be tried until they can: ${why}`,
  ends: (feed: string) => `Parked rows of ${feed} are brought back again.`,
} as const;
