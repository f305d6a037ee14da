import { VERSION } from '../history/versionColumns.js';
import type { Spelling } from './Spelling.js';
import type { ViewTable } from './ViewTable.js';

/** What the views are made of; a table that is not there yet is missing. */
export interface ViewSources {
  readonly spelling: Spelling;
  readonly incident?: ViewTable;
  readonly task?: ViewTable;
  readonly artifact?: ViewTable;
  /** The history of incidents. */
  readonly versions?: ViewTable;
  /** The engine groups by texts of any length, and counts different ones. */
  readonly groupsTexts: boolean;
}

type Columns = readonly (readonly [string, string])[];

const list = (columns: Columns): string => columns.map(([name, sql]) => `${sql} AS ${name}`).join(', ');

/** The SELECT of each view that can be made, by its name. */
export function definitions(sources: ViewSources): ReadonlyMap<string, string> {
  const { incident, task, artifact, versions } = sources;
  const views = new Map<string, string>();
  if (incident?.has('plan_status') === true) {
    views.set('bi_incidents', incidents(incident));
    views.set('bi_open_incidents', openIncidents(incident, sources.spelling));
    views.set('bi_time_to_close', timeToClose(incident, sources.spelling));
    views.set('bi_incidents_per_day', incidentsPerDay(incident, sources.spelling));
  }
  if (task?.has('phase_id') === true && task.has('status'))
    views.set('bi_tasks_per_phase', tasksPerPhase(task, sources.spelling));
  if (artifact?.has('type') === true)
    views.set('bi_artifacts_per_type', artifactsPerType(artifact, sources.groupsTexts));
  if (versions !== undefined) {
    views.set('bi_incident_history', incidentHistory(versions));
    for (const [view, field, name] of TIMED) {
      if (versions.has(field))
        views.set(view, timePer(field, name, { versions, incident, spelling: sources.spelling }));
    }
  }
  return views;
}

/** All that there may be. */
export const VIEW_NAMES: readonly string[] = [
  'bi_incidents',
  'bi_open_incidents',
  'bi_time_to_close',
  'bi_incidents_per_day',
  'bi_tasks_per_phase',
  'bi_artifacts_per_type',
  'bi_incident_history',
  'bi_time_in_status',
  'bi_time_in_phase',
  'bi_time_in_severity',
  'bi_time_with_owner',
];

const TIMED = [
  ['bi_time_in_status', 'plan_status', 'status'],
  ['bi_time_in_phase', 'phase_id', 'phase'],
  ['bi_time_in_severity', 'severity_code', 'severity'],
  ['bi_time_with_owner', 'owner_id', 'owner'],
] as const;

const isClosed = (incident: ViewTable): string => incident.is('plan_status', 'C', 'Closed');
const isOpen = (incident: ViewTable): string =>
  `(${incident.text('plan_status')} IS NULL OR NOT (${isClosed(incident)}))`;

function plainColumns(incident: ViewTable): Columns {
  return [
    ['incident_id', incident.id],
    ['name', incident.text('name')],
    ['organization', incident.text('org_name')],
    ['workspace', incident.text('workspace')],
    ['status', incident.text('plan_status')],
    ['phase', incident.text('phase_id')],
    ['severity', incident.text('severity_code')],
    ['owner', incident.text('owner_id')],
    ['incident_types', incident.text('incident_type_ids')],
    ['created', incident.time('create_date')],
    ['discovered', incident.time('discovered_date')],
    ['due', incident.time('due_date')],
    ['resolution', incident.text('resolution_id')],
  ];
}

function incidents(incident: ViewTable): string {
  const columns: Columns = [
    ...plainColumns(incident),
    ['closed', `CASE WHEN ${isClosed(incident)} THEN ${closedAt(incident)} END`],
    ['is_open', `CASE WHEN ${isOpen(incident)} THEN 1 ELSE 0 END`],
  ];
  return `SELECT ${list(columns)} FROM ${incident.place} WHERE ${incident.alive}`;
}

function openIncidents(incident: ViewTable, { now, seconds }: Spelling): string {
  const created = incident.time('create_date');
  const due = incident.time('due_date');
  const columns: Columns = [
    ...plainColumns(incident).filter(([name]) => name !== 'resolution'),
    ['age_hours', `${seconds(created, now)} / 3600.0`],
    ['is_overdue', `CASE WHEN ${due} < ${now} THEN 1 ELSE 0 END`],
  ];
  return `SELECT ${list(columns)} FROM ${incident.place} WHERE ${incident.alive} AND ${isOpen(incident)}`;
}

const closedAt = (incident: ViewTable): string =>
  `COALESCE(${incident.time('end_date')}, ${incident.time('inc_last_modified_date')})`;

function timeToClose(incident: ViewTable, { seconds }: Spelling): string {
  const closed = closedAt(incident);
  const columns: Columns = [
    ...plainColumns(incident).filter(([name]) => name !== 'due' && name !== 'status' && name !== 'phase'),
    ['closed', closed],
    ['hours_to_close', `${seconds(incident.time('create_date'), closed)} / 3600.0`],
    ['hours_since_discovery', `${seconds(incident.time('discovered_date'), closed)} / 3600.0`],
  ];
  return `SELECT ${list(columns)} FROM ${incident.place} WHERE ${incident.alive} AND ${isClosed(incident)}`;
}

function incidentsPerDay(incident: ViewTable, { day }: Spelling): string {
  const part = (time: string, created: 0 | 1, only: string): string =>
    `SELECT ${day(time)} AS on_day, ${created} AS is_created, ${1 - created} AS is_closed FROM ${incident.place} WHERE ${incident.alive} AND ${time} IS NOT NULL AND ${only}`;
  const parts = [part(incident.time('create_date'), 1, '1 = 1'), part(closedAt(incident), 0, isClosed(incident))];
  return `SELECT d.on_day, SUM(d.is_created) AS created, SUM(d.is_closed) AS closed FROM (${parts.join(' UNION ALL ')}) d GROUP BY d.on_day`;
}

function tasksPerPhase(task: ViewTable, { now }: Spelling): string {
  const phase = task.text('phase_id');
  const closed = task.is('status', 'C', 'Closed');
  const count = (only: string): string => `SUM(CASE WHEN ${only} THEN 1 ELSE 0 END)`;
  const columns: Columns = [
    ['phase', phase],
    ['tasks', 'COUNT(*)'],
    ['open_tasks', count(`NOT (${closed})`)],
    ['closed_tasks', count(closed)],
    ['overdue_tasks', count(`NOT (${closed}) AND ${task.time('due_date')} < ${now}`)],
    ['incidents', `COUNT(DISTINCT ${task.number('inc_id')})`],
  ];
  return `SELECT ${list(columns)} FROM ${task.place} WHERE ${task.alive} AND ${task.isNotFalse('active')} GROUP BY ${phase}`;
}

function artifactsPerType(artifact: ViewTable, groupsTexts: boolean): string {
  const type = artifact.text('type');
  const columns: Columns = [
    ['artifact_type', type],
    ['artifacts', 'COUNT(*)'],
    ...(groupsTexts ? [['different_values', `COUNT(DISTINCT ${artifact.text('value')})`] as const] : []),
    ['incidents', `COUNT(DISTINCT ${artifact.number('inc_id')})`],
  ];
  return `SELECT ${list(columns)} FROM ${artifact.place} WHERE ${artifact.alive} GROUP BY ${type}`;
}

function incidentHistory(versions: ViewTable): string {
  const columns: Columns = [
    ...plainColumns(versions),
    ['valid_from', versions.own(VERSION.from)],
    ['valid_to', versions.own(VERSION.to)],
    ['operation', versions.own(VERSION.operation)],
    ['ended_by', versions.own(VERSION.endedBy)],
    ['changed_by', versions.own(VERSION.changedBy)],
  ];
  return `SELECT ${list(columns)} FROM ${versions.place}`;
}

interface Timed {
  readonly versions: ViewTable;
  readonly incident: ViewTable | undefined;
  readonly spelling: Spelling;
}

function timePer(field: string, name: string, { versions, incident, spelling }: Timed): string {
  const [from, to] = [versions.own(VERSION.from), versions.own(VERSION.to)];
  const until = `COALESCE(${to}, ${spelling.now})`;
  const value = versions.text(field);
  const columns: Columns = [
    ['incident_id', versions.id],
    [name, value],
    ['total_seconds', `SUM(${spelling.seconds(from, until)})`],
    ['is_current', `MAX(CASE WHEN ${to} IS NULL THEN 1 ELSE 0 END)`],
    ['first_from', `MIN(${from})`],
  ];
  const sums = `SELECT ${list(columns)} FROM ${versions.place} GROUP BY ${versions.id}, ${value}`;
  const title =
    incident === undefined
      ? spelling.nothing('label')
      : `(SELECT ${incident.text('name')} FROM ${incident.place} WHERE ${incident.id} = t.incident_id)`;
  return `SELECT t.incident_id, ${title} AS name, t.${name}, t.total_seconds, t.is_current, t.first_from FROM (${sums}) t`;
}
