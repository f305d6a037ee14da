import { within } from '@soar-feed/soar-client';

/** How long to wait for something that the feed can do without, ms. */
const OPTIONAL_WITHIN_MS = 10_000;

/** Reads something that the feed can do without. No answer in time counts as a failure. Throws what `read` throws. */
export async function optionalReading<T>(
  read: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  return within(OPTIONAL_WITHIN_MS, signal, read, () => new Error(`no answer within ${OPTIONAL_WITHIN_MS / 1000} s`));
}
