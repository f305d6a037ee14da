import { PermanentError, StoppingError } from '../contract/errors.js';
import type { Feed } from '../delivery/Feed.js';
import type { ReloadIntake } from '../intake/reload/ReloadIntake.js';
import { ProgramFault } from '../trouble/ProgramFault.js';

/**
 * Loads one incident whole into one feed, from the database. Throws if any of it could not be read: `PermanentError` if the
 * source refuses it, so that the next load would end like this one.
 */
export async function resyncIncident(
  reload: ReloadIntake,
  feed: Feed,
  incidentId: number,
  signal: AbortSignal,
): Promise<void> {
  const range = { minIncidentId: incidentId, maxIncidentId: incidentId, types: [], method: 'query' as const };
  const report = await reload.run(range, { feeds: [feed], signal, waits: 'a feed' });
  if (report.interrupted) throw new StoppingError();
  if (report.faults.length === 0) return;
  const problem = report.faults.map((fault) => fault.message).join('; ');
  if (report.faults.some((fault) => fault.lasting === 'bug')) throw new ProgramFault(problem);
  if (report.faults.every((fault) => fault.lasting === 'refused'))
    throw new PermanentError(problem, { code: 'source-refused' });
  throw new Error(problem);
}
