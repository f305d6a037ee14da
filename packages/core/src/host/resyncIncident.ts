import type { Feed } from '../delivery/Feed.js';
import type { ReloadIntake } from '../intake/reload/ReloadIntake.js';

/** How long the load of one incident waits for a source that is away, ms: the feed's other rows come behind it. */
const AWAY_MS = 5_000;

/** Loads one incident whole into one feed, from the database. Throws where any of it could not be read. */
export async function resyncIncident(
  reload: ReloadIntake,
  feed: Feed,
  incidentId: number,
  signal: AbortSignal,
): Promise<void> {
  const range = { minIncidentId: incidentId, maxIncidentId: incidentId, types: [], method: 'query' as const };
  const report = await reload.run(range, { feeds: [feed], signal, awayMs: AWAY_MS });
  if (report.interrupted) throw new Error('The host is stopping.');
  if (report.faults.length > 0) throw new Error(report.faults.map((fault) => fault.message).join('; '));
}
