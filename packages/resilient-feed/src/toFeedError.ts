import { ConfigError, FeedError, namingKeys, PermanentError, RetryableError, UnavailableError } from '@soar-feed/core';
import type { ObjectKey } from '@soar-feed/core';
import { StatementError, UnusableDatabaseError } from '@soar-feed/store';
import { SoarApiError } from '@soar-feed/soar-client';
import type { ResilientFeedSettings } from './config.js';

/**
 * Turns errors of the client and of the mapping into core's errors, which tell the engine its next move. Other errors
 * stay as they are. The client's message names endpoint, status and the server's words; the object is put in front of
 * it.
 */
export function toFeedError(error: unknown, key: ObjectKey): unknown {
  if (isStoreError(error)) return mappingError(error);
  if (FeedError.is(error) || !SoarApiError.is(error)) return error;
  const message = `${key.type} ${key.objectId} of incident ${key.incidentId}: ${error.message}`;
  const options = {
    code: error.code,
    cause: error,
    details: { ...error.details, ...(error.status === undefined ? {} : { status: error.status }) },
  };
  const again = error.retryAfterMs === undefined ? options : { ...options, retryAfterMs: error.retryAfterMs };
  if (error.unavailable || error.status === 401) return new UnavailableError(message, again);
  if (error.retryable || error.outcomeUnknown || error.status === 409) return new RetryableError(message, again);
  return new PermanentError(message, options);
}

/** While the feed opens, every other failure means that the organization cannot be used now. */
export function toOpenError(
  error: unknown,
  section: string,
  { mapping, connection }: Pick<ResilientFeedSettings, 'mapping' | 'connection'>,
): unknown {
  if (error instanceof UnusableDatabaseError) {
    const key = mapping.client === 'sqlite' ? 'sqlite_sync_file' : 'postgresql_connect';
    return new ConfigError([{ section, key, problem: error.message }]);
  }
  if (isStoreError(error)) {
    const { message, code, details } = error;
    return new UnavailableError(message, { code, details, cause: error });
  }
  if (!SoarApiError.is(error)) return error;
  const { message } = namingKeys(error, section, connection);
  return new UnavailableError(`The target organization cannot be used: ${message}`, {
    code: error.code,
    cause: error,
  });
}

/**
 * Nothing may be written without the mapping, because a missing row and an unreadable one would look the same. A single
 * statement that is refused concerns its own object only.
 */
function mappingError(error: FeedError): FeedError {
  const options = { code: error.code, cause: error };
  return error instanceof StatementError
    ? new RetryableError(error.message, options)
    : new UnavailableError(error.message, options);
}

/** Compares the kind, because another installed copy of core has a class of its own. */
function isStoreError(error: unknown): error is FeedError {
  return FeedError.is(error) && error.kind === 'store';
}
