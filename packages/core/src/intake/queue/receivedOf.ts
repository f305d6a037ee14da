import type { FeedEvent } from '../../contract/FeedEvent.js';
import { whichOf } from '../../delivery/Telling.js';
import type { PassingEvent } from '../../telemetry/EventWatch.js';

/** A message of the queue that was understood, for whoever watches. Times in ms, host clock. */
export function receivedOf(event: FeedEvent, changedAtMs: number, atMs: number): PassingEvent {
  return { ...whichOf(event), atMs, outcome: 'received', ms: atMs - changedAtMs };
}
