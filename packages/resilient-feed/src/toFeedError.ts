import { ConfigError, FeedError, namingKeys, PermanentError, RetryableError, UnavailableError } from '@soar-feed/core';
import type { ObjectKey } from '@soar-feed/core';
import { StatementError, UnusableDatabaseError } from '@soar-feed/store';
import { SoarApiError } from '@soar-feed/soar-client';
import type { ResilientFeedSettings } from './config.js';

/**
 * What the engine must know of a failure: the client's and the mapping's errors become core's, everything else stays.
 * The client's message names endpoint, status and the server's words; the object is put in front.
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

/** While opening every other failure means that the organization cannot be used now. */
export function toOpenError(
  error: unknown,
  section: string,
  { mapping, connection }: Pick<ResilientFeedSettings, 'mapping' | 'connection'>,
): unknown {
  if (error instanceof UnusableDatabaseError) {
    const key = mapping.client === 'sqlite' ? 'sqlite_sync_file' : 'postgresql_connect';
    return new ConfigError([{ section, key, problem: error.message }]);
  }
  if (isStoreError(error)) return new UnavailableError(error.message, { code: error.code, cause: error });
  if (!SoarApiError.is(error)) return error;
  const { message } = namingKeys(error, section, connection);
  return new UnavailableError(`The target organization cannot be used: ${message}`, {
    code: error.code,
    cause: error,
  });
}

/**
 * Without the mapping nothing may be written: what is absent and what is out of reach would look the same. One statement
 * that it refuses is the object's own trouble.
 */
function mappingError(error: FeedError): FeedError {
  const options = { code: error.code, cause: error };
  return error instanceof StatementError
    ? new RetryableError(error.message, options)
    : new UnavailableError(error.message, options);
}

/** By kind: another installed copy of core makes its own class. */
function isStoreError(error: unknown): error is FeedError {
  return FeedError.is(error) && error.kind === 'store';
}
