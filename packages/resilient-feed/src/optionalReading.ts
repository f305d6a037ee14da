import { within } from '@soar-feed/soar-client';

/** Longest wait for what the feed can do without, ms. */
const OPTIONAL_WITHIN_MS = 10_000;

/** Reads what the feed can do without: a server that does not answer in time has failed. Throws what reading throws. */
export async function optionalReading<T>(
  read: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  return within(OPTIONAL_WITHIN_MS, signal, read, () => new Error(`no answer within ${OPTIONAL_WITHIN_MS / 1000} s`));
}
