import { FeedError } from '@soar-feed/core';
import type { DeliveryOutcome, DeliveryResult } from '@soar-feed/core';

/**
 * Writes a batch; if the database refuses it because of what one event holds, writes its halves one after the other, so
 * that only the faulty event fails. An error that is about no event in particular is not searched for.
 */
export async function writeOrBisect<Event>(
  batch: readonly Event[],
  write: (part: readonly Event[]) => Promise<readonly DeliveryResult[]>,
): Promise<readonly DeliveryOutcome[]> {
  try {
    return await write(batch);
  } catch (error) {
    if (!isOfOneEvent(error)) throw error;
    if (batch.length === 1) return [{ status: 'failed', error: error as Error }];
    const half = Math.ceil(batch.length / 2);
    const first = await writeOrBisect(batch.slice(0, half), write);
    return [...first, ...(await writeOrBisect(batch.slice(half), write))];
  }
}

function isOfOneEvent(error: unknown): boolean {
  return FeedError.is(error) && error.kind === 'permanent';
}
