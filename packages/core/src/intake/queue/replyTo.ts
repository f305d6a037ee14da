import type { ActionReply } from '@soar-feed/soar-client';
import type { Settled } from '../../delivery/Settled.js';

const INFORMATION = 0;
const ERROR = 1;

/** The one answer per message that Action Status shows: success, "parked: why", or the error. */
export function replyTo(settled: readonly Settled[]): ActionReply {
  const parked = settled.filter((end) => end.outcome === 'parked');
  if (parked.length === 0) return { type: INFORMATION, message: 'Completed', complete: true };
  const failed = parked.some((end) => end.failed === true);
  const message = parked.map((end) => `${end.feed} parked: ${end.reason ?? 'unknown'}`).join('; ');
  return { type: failed ? ERROR : INFORMATION, message, complete: true };
}

export function errorReply(message: string): ActionReply {
  return { type: ERROR, message, complete: true };
}
