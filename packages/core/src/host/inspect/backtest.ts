import type { Workspaces } from '../../config/parseWorkspaces.js';
import type { FilterVerdict, IncidentFilter } from '../../contract/IncidentFilter.js';
import type { Logger } from '../../contract/Logger.js';
import { listIncidents } from '../../intake/reload/listIncidents.js';
import type { SourceFault } from '../../intake/reload/ReloadReport.js';
import type { Incident } from '../../source/incidents/IncidentSource.js';
import { openPatiently } from '../../source/patience/openIncidents.js';
import { SourceTime } from '../../source/SourceTime.js';
import { systemClock } from '../systemClock.js';
import type { InspectedSource } from './InspectedSource.js';

export interface BacktestOptions {
  readonly source: InspectedSource;
  readonly feed: string;
  readonly current: IncidentFilter;
  readonly proposed: IncidentFilter;
  /** Only incidents created since, by the source's clock; ms since the epoch. */
  readonly sinceMs: number;
  readonly workspaces?: Workspaces | undefined;
  readonly pageSize: number;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Incidents read so far. */
  readonly onProgress?: (incidents: number) => void;
}

/** An incident of which the two filters say different things. */
export interface BacktestedIncident {
  readonly incidentId: number;
  readonly name: string;
  readonly createdAtMs?: number;
  /** `+`: only the proposed filter passes it; `-`: only the current one does. */
  readonly change: '+' | '-';
  readonly current: FilterVerdict;
  readonly proposed: FilterVerdict;
}

export interface BacktestReport {
  readonly feed: string;
  readonly sinceMs: number;
  readonly current: { readonly filter: string; readonly passes: number };
  readonly proposed: { readonly filter: string; readonly passes: number };
  /** Incidents that were judged. */
  readonly incidents: number;
  /** Incidents that `[feeds] workspaces` does not route to this feed, whatever its filter. */
  readonly routedElsewhere: number;
  readonly changes: readonly BacktestedIncident[];
  /** What is wrong with the names in the proposed filter. */
  readonly problems: readonly string[];
  readonly faults: readonly SourceFault[];
}

/**
 * Judges every incident of the source that was created since some time by two filters. Reads pages of incidents only.
 * Throws what reading throws when nothing can be listed.
 */
export async function backtest(options: BacktestOptions): Promise<BacktestReport> {
  const { source, feed, current, proposed, sinceMs, workspaces, pageSize, log, signal, onProgress } = options;
  const { client, catalog, reader } = source;
  const incidents = openPatiently({ client, catalog, source: reader, log, clock: systemClock })({
    ...{ waits: 'somebody', signal },
  });
  const conditions = [{ field_name: 'create_date', method: 'gte', value: sinceMs }] as const;
  const time = new SourceTime(systemClock, client.clock);
  const changes: BacktestedIncident[] = [];
  const faults: SourceFault[] = [];
  const passes = { current: 0, proposed: 0 };
  let judged = 0;
  let routedElsewhere = 0;
  for await (const page of listIncidents({ pageSize, conditions }, incidents, time)) {
    signal.throwIfAborted();
    faults.push(...page.faults);
    for (const incident of page.incidents) {
      const createdAtMs = createdOf(incident);
      if (createdAtMs !== undefined && createdAtMs < sinceMs) continue;
      const [event] = await source.eventsOf(incident, []);
      if (event === undefined) continue;
      if (workspaces !== undefined && workspaces.get(event.workspace)?.includes(feed) !== true) {
        routedElsewhere += 1;
        continue;
      }
      judged += 1;
      const verdicts = { current: current.judge(event), proposed: proposed.judge(event) };
      if (verdicts.current.passes) passes.current += 1;
      if (verdicts.proposed.passes) passes.proposed += 1;
      if (verdicts.current.passes === verdicts.proposed.passes) continue;
      changes.push({
        ...{ incidentId: incident.id, name: String(incident['name'] ?? '') },
        ...(createdAtMs === undefined ? {} : { createdAtMs }),
        change: verdicts.proposed.passes ? '+' : '-',
        ...verdicts,
      });
    }
    onProgress?.(judged + routedElsewhere);
  }
  const type = await catalog.named('incident');
  return {
    ...{ feed, sinceMs, incidents: judged, routedElsewhere, changes, faults },
    current: { filter: current.text, passes: passes.current },
    proposed: { filter: proposed.text, passes: passes.proposed },
    problems: type === undefined ? [] : proposed.problems(type),
  };
}

function createdOf(incident: Incident): number | undefined {
  const { create_date: created } = incident;
  return typeof created === 'number' ? created : undefined;
}
