import type { ActionReply } from '@soar-feed/soar-client';
import type { Clock } from '../contract/Clock.js';
import { StoppingError } from '../contract/errors.js';
import { errorReply } from '../intake/queue/replyTo.js';
import type { Reloads } from '../intake/reload/Reloads.js';
import { syncReply } from '../intake/reload/syncReply.js';
import type { SyncRequest } from '../intake/reload/SyncRequest.js';
import { messageOf } from '../trouble/messageOf.js';

/**
 * The function "Sync Incidents": runs a reload and answers in the form that IBM's workflow reads. Throws `StoppingError` when the
 * host stops: then the message comes again, and the range is loaded again.
 */
export async function syncIncidents(
  reloads: Pick<Reloads, 'run'>,
  { minIncidentId, maxIncidentId, method, inputs }: SyncRequest,
  progress: (message: string) => void,
  { clock, stopping }: { readonly clock: Clock; readonly stopping: AbortSignal },
): Promise<ActionReply> {
  progress('starting...');
  const startedAtMs = clock.now();
  const range = { minIncidentId, method, ...(maxIncidentId === undefined ? {} : { maxIncidentId }) };
  try {
    const report = await reloads.run({ ...range, reconcile: false });
    if (report.interrupted) throw new StoppingError();
    progress('done...');
    return syncReply(report, inputs, { executionMs: clock.now() - startedAtMs, now: clock.now() });
  } catch (error) {
    if (error instanceof StoppingError || stopping.aborted) throw new StoppingError();
    return errorReply(`The incidents could not be read: ${messageOf(error)}`);
  }
}
