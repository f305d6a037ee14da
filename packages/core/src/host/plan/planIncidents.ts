import 'reflect-metadata';
import { ContainerModule } from 'inversify';
import { ConfigError } from '../../contract/errors.js';
import type { FeedStore } from '../../contract/FeedStore.js';
import type { Logger } from '../../contract/Logger.js';
import { FeedTokens } from '../../contract/tokens.js';
import type { ReloadReport } from '../../intake/reload/ReloadReport.js';
import { together } from '../../intake/reload/ReloadReport.js';
import type { ReloadRange } from '../../intake/reload/SyncRequest.js';
import { hostOf } from '../createFeedHost.js';
import type { FeedHost } from '../FeedHost.js';
import type { PreparedHost } from '../PreparedHost.js';
import type { Plan, PlannedFeed, PlannedStep } from './Plan.js';
import { RehearsedTarget } from './RehearsedTarget.js';
import { ShadowStore } from './ShadowStore.js';

/** Incidents from `min` to `max`, both inclusive. */
export interface IncidentSpan {
  readonly min: number;
  readonly max: number;
}

export interface PlanOptions {
  readonly prepared: PreparedHost;
  readonly spans: readonly IncidentSpan[];
  /** Only this feed. */
  readonly feed?: string;
  /** The state, open for reading; absent: there is none yet. */
  readonly store?: FeedStore;
  /** As of a reload: how many objects that are gone at the source may be deleted. */
  readonly allowDeletes?: number;
  /** As of a reload; default: as the config says. */
  readonly method?: ReloadRange['method'];
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** How long parked rows of an incident may take to come back, ms. */
const QUIET_MS = 10_000;

/**
 * What a reload of these incidents would send: a whole host runs it, except that its state is a copy in memory, and that
 * its targets rehearse. Works beside a running host, and writes nothing. Throws what a start and a reload throw.
 */
export async function planIncidents(options: PlanOptions): Promise<Plan> {
  const { spans, signal, store, log } = options;
  const includes = (id: number): boolean => spans.some(({ min, max }) => id >= min && id <= max);
  const prepared = chosen(options);
  const feeds: { readonly name: string; readonly type: string; target: RehearsedTarget; steps: PlannedStep[] }[] = [];
  const modules = new ContainerModule(({ bind }) => {
    bind(FeedTokens.Store).toConstantValue(new ShadowStore(store, includes));
    bind(FeedTokens.Logger).toConstantValue(log);
  });
  const host = hostOf(prepared, [modules], {
    around: (own, { section: { name }, definition: { type } }) => {
      const steps: PlannedStep[] = [];
      const target = new RehearsedTarget(own, includes, (step) => steps.push(step));
      feeds.push({ name, type, target, steps });
      return target;
    },
  });
  const stop = (): void => void host.stop(0);
  signal.addEventListener('abort', stop, { once: true });
  try {
    await host.start({ queue: false, reload: false, patient: false });
    for (const { target } of feeds) if (target.openError !== undefined) throw target.openError;
    const reports = await reload(host, options);
    const planned = feeds.map(({ name, type, target: { shows }, steps }): PlannedFeed => {
      return { name, type, shows, incidents: byIncident(steps) };
    });
    const report = reports.reduce(together);
    return {
      feeds: planned,
      unknown: spans.flatMap(({ min, max }, at) => (min === max && isUnknown(min, reports[at], planned) ? [min] : [])),
      faults: report.faults,
      ...(report.deletions === undefined ? {} : { deletions: report.deletions }),
    };
  } finally {
    signal.removeEventListener('abort', stop);
    await host.stop(0);
  }
}

async function reload(host: FeedHost, { spans, allowDeletes, method }: PlanOptions): Promise<readonly ReloadReport[]> {
  const reports: ReloadReport[] = [];
  for (const { min, max } of spans) {
    const range = { ...host.wholeRange(), minIncidentId: min, maxIncidentId: max };
    const asked = {
      ...(allowDeletes === undefined ? {} : { allowDeletes }),
      ...(method === undefined ? {} : { method }),
    };
    reports.push(await host.reload({ ...range, ...asked }));
  }
  await host.quiet(QUIET_MS);
  return reports;
}

/** One incident after the other, so that two plans of the same read alike; and nothing is shown in the source. */
function chosen({ prepared, feed }: PlanOptions): PreparedHost {
  const feeds = prepared.feeds
    .filter(({ section: { name } }) => feed === undefined || name === feed)
    .map(({ section, ...rest }) => ({
      ...rest,
      section: { ...section, engine: { ...section.engine, concurrency: 1, showInSource: false } },
    }));
  if (feeds.length > 0) return { ...prepared, feeds };
  throw new ConfigError([{ section: 'feeds', key: 'feed_names', problem: `holds no ${feed ?? 'feed'}` }]);
}

function byIncident(steps: readonly PlannedStep[]): PlannedFeed['incidents'] {
  const incidents = new Map<number, PlannedStep[]>();
  for (const step of steps) {
    const { incidentId } = step.key;
    const known = incidents.get(incidentId);
    if (known === undefined) incidents.set(incidentId, [step]);
    else known.push(step);
  }
  return [...incidents].sort(([a], [b]) => a - b).map(([incidentId, own]) => ({ incidentId, steps: own }));
}

function isUnknown(id: number, report: ReloadReport | undefined, feeds: readonly PlannedFeed[]): boolean {
  if (report === undefined || report.incidents > 0 || report.faults.length > 0) return false;
  return feeds.every(({ incidents }) => incidents.every(({ incidentId }) => incidentId !== id));
}
