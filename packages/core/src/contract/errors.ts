/**
 * What a target or the engine throws; each class tells the engine its next move. Branded by a global symbol, so that
 * two installed copies of this package understand each other's errors.
 */
const BRAND = Symbol.for('@soar-feed/core:FeedError');

export type FeedErrorKind =
  'retryable' | 'permanent' | 'unavailable' | 'decode' | 'config' | 'target-load' | 'store' | 'stopping';

export interface FeedErrorOptions {
  /** Stable and kebab-case; `docs/errors.md` explains each. */
  readonly code: string;
  readonly cause?: unknown;
  /** Facts for the log. Never a secret, never a payload. */
  readonly details?: Readonly<Record<string, unknown>>;
}

export abstract class FeedError extends Error {
  abstract readonly kind: FeedErrorKind;
  readonly [BRAND] = true;
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(message: string, options: FeedErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code;
    this.details = options.details ?? {};
  }

  static is(value: unknown): value is FeedError {
    return typeof value === 'object' && value !== null && BRAND in value;
  }
}

/** Try the same event again: full-jitter back-off, up to `max_attempts`, then it is parked as failed. */
export class RetryableError extends FeedError {
  override readonly kind = 'retryable';
  /** ms to wait at least, where the destination said so. */
  readonly retryAfterMs?: number;
  /**
   * Nothing was tried, so no attempt is charged: the target only looked, for example for an object whose create was never
   * answered. The target must end this by itself, because the engine counts nothing.
   */
  readonly uncharged?: true;

  constructor(
    message: string,
    options: FeedErrorOptions & { readonly retryAfterMs?: number; readonly uncharged?: true },
  ) {
    super(message, options);
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
    if (options.uncharged === true) this.uncharged = true;
  }
}

/**
 * Never try this event again automatically: it is parked as failed at once. With the code `undecided` it is parked as undecided:
 * whether the object exists at the destination cannot be determined, so it is not created. Once a person wants it, it comes again
 * with `FeedEvent.decided`.
 */
export class PermanentError extends FeedError {
  override readonly kind = 'permanent';
}

/** The whole destination is away (network, 401): the feed pauses and is opened again; no attempt is charged. */
export class UnavailableError extends FeedError {
  override readonly kind = 'unavailable';
  readonly retryAfterMs?: number;

  constructor(message: string, options: FeedErrorOptions & { readonly retryAfterMs?: number }) {
    super(message, options);
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
  }
}

/** A message that cannot be understood: parked raw, then acknowledged. */
export class DecodeError extends FeedError {
  override readonly kind = 'decode';
}

/** The store cannot take or give rows now: nothing is acknowledged until it can. */
export class StoreError extends FeedError {
  override readonly kind = 'store';
  /** After a read-only look: a start would fix this by itself, by creating the state or by upgrading it. */
  readonly startWould?: 'create' | 'upgrade';

  constructor(message: string, options: FeedErrorOptions & { readonly startWould?: 'create' | 'upgrade' }) {
    super(message, options);
    if (options.startWould !== undefined) this.startWould = options.startWould;
  }
}

/** A target package cannot be used: missing, broken, of another contract. The host refuses to start. */
export class TargetLoadError extends FeedError {
  override readonly kind = 'target-load';
}

/** The host is stopping: the event was not taken and must come again. */
export class StoppingError extends FeedError {
  override readonly kind = 'stopping';

  constructor() {
    super('The host is stopping; the event was not taken.', { code: 'stopping' });
  }
}

/** One problem of the configuration, with what a person needs to fix the file. */
export interface ConfigIssue {
  readonly section: string;
  readonly key?: string;
  /** What is wrong, what was found (never a secret) and what is accepted. */
  readonly problem: string;
  /** The code of a target package that cannot be used; absent where the file itself is at fault. */
  readonly code?: string;
}

/** Every problem of a configuration in one report. */
export class ConfigError extends FeedError {
  override readonly kind = 'config';
  readonly issues: readonly ConfigIssue[];
  /** Problems that would not have stopped the start, such as unknown keys: one of them may be the cause. */
  readonly warnings: readonly ConfigIssue[];

  constructor(issues: readonly ConfigIssue[], file?: string, warnings: readonly ConfigIssue[] = []) {
    super(reportOf(issues, file, warnings), { code: 'config-invalid' });
    this.issues = issues;
    this.warnings = warnings;
  }
}

function reportOf(issues: readonly ConfigIssue[], file: string | undefined, warnings: readonly ConfigIssue[]): string {
  const where = file === undefined ? 'The configuration' : file;
  const problems = `${where} has ${issues.length === 1 ? 'a problem' : `${issues.length} problems`}:${linesOf(issues)}`;
  return warnings.length === 0 ? problems : `${problems}\nIn addition, without stopping the start:${linesOf(warnings)}`;
}

function linesOf(issues: readonly ConfigIssue[]): string {
  return issues
    .map(({ section, key, problem }) => `\n  [${section}] ${key === undefined ? '' : `${key}: `}${problem}`)
    .join('');
}
