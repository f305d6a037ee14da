import { FeedError, StoppingError } from '../contract/errors.js';
import { ProgramFault } from './ProgramFault.js';
import { messageOf } from './messageOf.js';

/** What the engine does next with an event whose delivery failed. */
export type Verdict =
  | { readonly move: 'retry'; readonly code: string; readonly retryAfterMs?: number }
  /** The target only looked: try again later, without charging an attempt. */
  | { readonly move: 'look-again'; readonly code: string; readonly retryAfterMs?: number }
  | GivingUp
  | { readonly move: 'pause'; readonly code: string; readonly retryAfterMs?: number }
  /** The object was deleted at the source while it was under way; its delete follows. */
  | { readonly move: 'gone'; readonly code: string };

export interface GivingUp {
  readonly move: 'give-up';
  readonly code: string;
  /** A bug, of ours or of a target's: trying again would only repeat it. */
  readonly fault?: true;
  /** The object may exist at the destination already, and a person must decide. */
  readonly undecided?: true;
}

/** The code of an object that no longer exists at the source. */
export const SOURCE_GONE = 'source-gone';

/** The code of a permanent error that says: the object may exist at the destination already, and a person must decide. */
export const UNDECIDED = 'undecided';

/** The code of a bug, of ours or of a target's: trying again would only repeat it. */
export const PROGRAMMING_ERROR = 'programming-error';

const PROGRAMMING_ERRORS: readonly string[] = ['TypeError', 'ReferenceError', 'RangeError', 'SyntaxError'];

/**
 * The one place that decides what an error leads to, and the only one that reads the codes of the contract. Classes of the
 * contract decide by their kind; errors of clients by their fields (`retryable`, `unavailable`, `retryAfterMs`), so that core
 * need not know their classes. A programming error is never tried again; any other unknown error is.
 */
export function classify(error: unknown): Verdict {
  if (FeedError.is(error)) return classifyOwn(error);
  const fields = fieldsOf(error);
  const code = fields.code ?? (error instanceof Error ? error.name : 'unknown-error');
  if (fields.unavailable === true) return { move: 'pause', code, ...after(fields) };
  if (fields.retryable === true) return { move: 'retry', code, ...after(fields) };
  if (fields.retryable === false) return { move: 'give-up', code };
  if (error instanceof ProgramFault || (error instanceof Error && PROGRAMMING_ERRORS.includes(error.name)))
    return { move: 'give-up', code: PROGRAMMING_ERROR, fault: true };
  return { move: 'retry', code };
}

/** Why trying again changes nothing; `undefined` if it may help, or the host is stopping. */
export function refusalOf(error: unknown): { readonly code: string; readonly message: string } | undefined {
  if (error instanceof StoppingError) return undefined;
  const { move, code } = classify(error);
  if (move !== 'give-up') return undefined;
  return { code, message: messageOf(error) };
}

function classifyOwn(error: FeedError): Verdict {
  if (error.code === SOURCE_GONE) return { move: 'gone', code: error.code };
  const { code } = error;
  const fields = fieldsOf(error);
  switch (error.kind) {
    case 'retryable':
      return { move: fields.uncharged ? 'look-again' : 'retry', code, ...after(fields) };
    case 'unavailable':
    case 'store':
      return { move: 'pause', code, ...after(fields) };
    case 'permanent':
      return { move: 'give-up', code, ...(code === UNDECIDED ? { undecided: true } : {}) };
    case 'decode':
    case 'config':
    case 'target-load':
    case 'stopping':
      return { move: 'give-up', code };
  }
}

interface ErrorFields {
  readonly code?: string;
  readonly retryable?: boolean;
  readonly unavailable?: boolean;
  readonly retryAfterMs?: number;
  readonly uncharged?: true;
}

function fieldsOf(error: unknown): ErrorFields {
  if (typeof error !== 'object' || error === null) return {};
  const { code, retryable, unavailable, retryAfterMs, uncharged } = error as Record<string, unknown>;
  return {
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof retryable === 'boolean' ? { retryable } : {}),
    ...(typeof unavailable === 'boolean' ? { unavailable } : {}),
    ...(typeof retryAfterMs === 'number' ? { retryAfterMs } : {}),
    ...(uncharged === true ? { uncharged } : {}),
  };
}

function after(fields: ErrorFields): { retryAfterMs?: number } {
  return fields.retryAfterMs === undefined ? {} : { retryAfterMs: fields.retryAfterMs };
}
