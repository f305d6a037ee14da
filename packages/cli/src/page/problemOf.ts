import { FeedError } from '@soar-feed/core';
import { isSoarApiError } from '../exitCodeOf.js';
import { UsageError } from '../UsageError.js';

/** What is wrong, for the person who asked. Anything unexpected is thrown on: it is a fault, and the log says it. */
export function problemOf(error: unknown): string {
  if (FeedError.is(error) || isSoarApiError(error) || error instanceof UsageError) return error.message;
  if (error instanceof Error && error.name === 'TimeoutError') return 'That took too long: ask for less.';
  throw error;
}
