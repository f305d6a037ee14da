import type { ActionReply } from '@soar-feed/soar-client';
import type { Clock } from '../contract/Clock.js';
import { StoppingError } from '../contract/errors.js';
import { errorReply } from '../intake/queue/replyTo.js';
import type { ReloadProgress } from '../intake/reload/ReloadIntake.js';
import type { Reloads } from '../intake/reload/Reloads.js';
import { syncReply } from '../intake/reload/syncReply.js';
import type { SyncRequest } from '../intake/reload/SyncRequest.js';
import { messageOf } from '../trouble/messageOf.js';

/** Shortest time between two progress lines, ms; each is a line in the Action Status of SOAR. */
const PROGRESS_MS = 30_000;
/** How often the workflow is looked up, ms. */
const CANCEL_MS = 10_000;

export interface SyncServices {
  readonly clock: Clock;
  readonly stopping: AbortSignal;
  /** Whether somebody has ended the workflow. Throws if it cannot be looked up; it is not asked again then. */
  readonly isEnded?: (workflowInstanceId: number, signal: AbortSignal) => Promise<boolean>;
}

/**
 * The function "Sync Incidents": runs a reload and answers in the form that IBM's workflow reads. The types are those of
 * `reload_types`, and the feeds those of the incident's workspace. Throws `StoppingError` when the host stops: then the
 * message comes again, and the range is loaded again.
 */
export async function syncIncidents(
  reloads: Pick<Reloads, 'run'>,
  request: SyncRequest,
  progress: (message: string) => void,
  services: SyncServices,
): Promise<ActionReply> {
  const { minIncidentId, maxIncidentId, method, inputs } = request;
  const { clock, stopping } = services;
  progress('starting...');
  const startedMs = clock.steadyMs();
  const range = { minIncidentId, method, ...(maxIncidentId === undefined ? {} : { maxIncidentId }) };
  const watching = watchWorkflow(request, services);
  try {
    const follow = progressLines(progress, clock);
    const report = await reloads.run({ ...range, reconcile: false }, follow, watching.cancelled);
    if (watching.cancelled.aborted && !stopping.aborted)
      return errorReply(`Cancelled with the workflow, after ${report.incidents} incidents.`);
    if (report.interrupted) throw new StoppingError();
    progress('done...');
    return syncReply(report, inputs, { executionMs: Math.round(clock.steadyMs() - startedMs), now: clock.now() });
  } catch (error) {
    if (error instanceof StoppingError || stopping.aborted) throw new StoppingError();
    return errorReply(`The incidents could not be read: ${messageOf(error)}`);
  } finally {
    watching.end();
  }
}

function progressLines(progress: (message: string) => void, clock: Clock): (now: ReloadProgress) => void {
  let saidMs = clock.steadyMs();
  return ({ incidents, ofIncidents, objects }) => {
    if (clock.steadyMs() - saidMs < PROGRESS_MS) return;
    saidMs = clock.steadyMs();
    progress(`${incidents}${ofIncidents === undefined ? '' : ` of ${ofIncidents}`} incidents, ${objects} objects`);
  };
}

/** `cancelled` is aborted once somebody has ended the workflow that asked. */
function watchWorkflow(
  { workflowInstanceId: id }: SyncRequest,
  { clock, isEnded }: SyncServices,
): { readonly cancelled: AbortSignal; end(): void } {
  const cancel = new AbortController();
  const over = new AbortController();
  const watch = async (instance: number, ask: NonNullable<SyncServices['isEnded']>): Promise<void> => {
    do await clock.sleep(CANCEL_MS, over.signal);
    while (!(await ask(instance, over.signal)));
    cancel.abort();
  };
  // A workflow that cannot be looked up is not cancelled.
  if (id !== undefined && isEnded !== undefined) watch(id, isEnded).catch(() => undefined);
  return { cancelled: cancel.signal, end: () => over.abort() };
}
