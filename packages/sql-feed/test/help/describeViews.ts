import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { recordingLogger } from '@soar-feed/feed-testkit';
import type { FeedEvent } from '@soar-feed/core';
import { artifact, biTypes, deleted, incident, task } from './biEvents.js';
import { spelledAlike } from './ibmTables.js';
import { context, delivery, makeFeed } from './makeFeed.js';
import type { SqlPlace } from './sqlCase.js';

const T = 1_700_000_000_000;
const HOUR = 3_600_000;

type Texts = Readonly<Record<string, string>>;

interface Panel {
  readonly title: string;
  readonly targets: readonly { readonly rawSql: string }[];
}

const DASHBOARD = new URL('../../../../docs/monitoring/grafana-incidents.json', import.meta.url);

/** What the views show, on one engine. */
export function describeViews(name: string, makePlace: () => Promise<SqlPlace>): void {
  describe(name, () => {
    let place: SqlPlace;
    let feed: ReturnType<typeof makeFeed>;
    const log = recordingLogger();
    const open = async (more: Texts = {}, types = biTypes) => {
      feed = makeFeed(
        { ...place.texts, history: 'true', views: 'true', ...more },
        { log, source: { types: async () => types, fetch: async () => undefined } },
      );
      await feed.open(context());
    };
    const start = async (more: Texts = {}) => {
      place = await makePlace();
      await open(more);
    };
    const deliver = async (...events: readonly FeedEvent[]) => {
      for (const outcome of await feed.deliverBatch(events, delivery())) expect(outcome.status).toBe('delivered');
    };
    const rows = async (view: string, order: string) =>
      spelledAlike(await place.knex(`${place.texts['table_prefix'] ?? ''}${view}`).orderBy(order));
    afterEach(async () => {
      await feed.close();
      await place.dispose();
    });

    const first = incident(
      1,
      { phase_id: 1, severity_code: 52, owner_id: 7, create_date: T, discovered_date: T - HOUR, due_date: T + HOUR },
      { at: T },
    );
    const closed = {
      plan_status: 'C',
      create_date: T,
      discovered_date: T - HOUR,
      end_date: T + 3 * HOUR,
      resolution_id: 9,
    };
    const seed = async () => {
      await deliver(
        first,
        incident(2, closed, { at: T + 3 * HOUR }),
        incident(3, { create_date: T }, { at: T }),
        task(11, 1, { phase_id: 1, due_date: T + HOUR, active: true }, { at: T }),
        task(12, 1, { phase_id: 1, status: 'C', active: true }, { at: T }),
        task(13, 2, { phase_id: 2, active: true }, { at: T }),
        task(14, 2, { phase_id: 2, active: false }, { at: T }),
        artifact(21, 1, {}, { at: T }),
        artifact(22, 2, { value: '10.0.0.21' }, { at: T }),
        artifact(23, 2, { type: 2, value: 'http://x.example' }, { at: T }),
      );
      await deliver(incident(1, { ...first.payload, phase_id: 2, inc_last_modified_date: T + HOUR }, { at: T + HOUR }));
      await deliver(deleted(incident(3, {}, { at: T }), T + 2 * HOUR));
    };

    it.each(['remove', 'mark'])(
      'shows incidents, tasks and artifacts in plain words (on_delete=%s)',
      async (on_delete) => {
        await start({ on_delete });
        await seed();
        expect(await rows('bi_open_incidents', 'incident_id')).toMatchObject([
          {
            incident_id: 1,
            name: 'Incident 1',
            status: 'Active',
            phase: 'Respond',
            severity: 'High',
            owner: 'Ada Admin (ada@example.com)',
            is_overdue: 1,
          },
        ]);
        expect(
          (await rows('bi_incidents', 'incident_id')).map(({ incident_id, is_open }) => [incident_id, is_open]),
        ).toEqual([
          [1, 1],
          [2, 0],
        ]);
        const [one, ...more] = await rows('bi_time_to_close', 'incident_id');
        expect([
          one?.['incident_id'],
          one?.['resolution'],
          Number(one?.['hours_to_close']),
          Number(one?.['hours_since_discovery']),
        ]).toEqual([2, 'Resolved', 3, 4]);
        expect(more).toEqual([]);
        expect(numbers(await rows('bi_incidents_per_day', 'on_day'), ['created', 'closed'])).toEqual([
          { created: 2, closed: 0 },
          { created: 0, closed: 1 },
        ]);
        expect(
          numbers(await rows('bi_tasks_per_phase', 'phase'), [
            'tasks',
            'open_tasks',
            'closed_tasks',
            'overdue_tasks',
            'incidents',
          ]),
        ).toEqual([
          { phase: 'Detect', tasks: 2, open_tasks: 1, closed_tasks: 1, overdue_tasks: 1, incidents: 1 },
          { phase: 'Respond', tasks: 1, open_tasks: 1, closed_tasks: 0, overdue_tasks: 0, incidents: 1 },
        ]);
        expect(
          numbers(await rows('bi_artifacts_per_type', 'artifact_type'), ['artifacts', 'different_values', 'incidents']),
        ).toEqual([
          { artifact_type: 'IP Address', artifacts: 2, different_values: 1, incidents: 2 },
          { artifact_type: 'URL', artifacts: 1, different_values: 1, incidents: 1 },
        ]);
      },
    );

    it('shows the time in each status and phase, and the state of an incident at any time', async () => {
      await start();
      await seed();
      const phases = await rows('bi_time_in_phase', 'first_from');
      const ofOne = phases
        .filter(({ incident_id }) => incident_id === 1)
        .map((row) => [row['phase'], row['name'], Number(row['is_current'])]);
      expect(ofOne).toEqual([
        ['Detect', 'Incident 1', 0],
        ['Respond', 'Incident 1', 1],
      ]);
      expect(Number(phases.find(({ phase }) => phase === 'Detect')?.['total_seconds'])).toBe(3_600);
      const gone = (await rows('bi_time_in_status', 'incident_id')).filter(({ incident_id }) => incident_id === 3);
      expect(gone.map((row) => [row['status'], Number(row['total_seconds']), Number(row['is_current'])])).toEqual([
        ['Active', 7_200, 0],
      ]);
      const at = async (ms: number) => {
        const time =
          place.knex.client.config.client === 'mysql2'
            ? new Date(ms).toISOString().slice(0, 23).replace('T', ' ')
            : new Date(ms).toISOString();
        const view = place
          .knex(`${place.texts['table_prefix'] ?? ''}bi_incident_history`)
          .where('valid_from', '<=', time);
        const found = await view
          .where((either) => either.whereNull('valid_to').orWhere('valid_to', '>', time))
          .orderBy('incident_id');
        return spelledAlike(found).map(({ incident_id, phase }) => [incident_id, phase]);
      };
      expect(await at(T + 10)).toEqual([
        [1, 'Detect'],
        [3, null],
      ]);
      expect(await at(T + 4 * HOUR)).toEqual([
        [1, 'Respond'],
        [2, null],
      ]);
    });

    it('stays out of the way when columns come, change their type, or are not there', async () => {
      await start();
      await seed();
      await feed.close();
      const [incidents, tasks] = biTypes as [(typeof biTypes)[number], (typeof biTypes)[number]];
      const phase = incidents.fields.get('phase_id') as NonNullable<ReturnType<typeof incidents.fields.get>>;
      // A date that becomes a text, under views of an earlier run; and a column that comes.
      const fields = new Map(incidents.fields).set('due_date', {
        ...phase,
        name: 'due_date',
        inputType: 'text',
        options: new Map(),
      });
      const text = { ...phase, inputType: 'text', options: new Map() };
      await open({}, [{ ...incidents, fields: fields.set('more', { ...text, name: 'more' }) }, tasks]);
      await deliver({
        ...incident(1, { due_date: 'soon', phase_id: 2, more: 'x' }, { at: T + 5 * HOUR }),
        schema: { ...incidents, fields },
      });
      expect(await rows('bi_open_incidents', 'incident_id')).toMatchObject([
        { incident_id: 1, phase: 'Respond', due: null, is_overdue: 0 },
      ]);
      expect(log.lines.filter(({ level }) => level === 'warn')).toEqual([]);
    });

    it('writes what the platform timed as rows', async () => {
      await start();
      const times = (seconds: number) => [
        { field: 'phase_id', value: 'Detect', seconds, running: false },
        { field: 'phase_id', value: 'Respond', seconds: 5, running: true },
      ];
      await deliver({ ...first, timeSeries: times(60) });
      await deliver({ ...first, timeSeries: times(61) }, incident(2, {}, { at: T }));
      const timers = (await rows('incident_timer', 'timer_no')).map(({ inc_id, field, value, seconds, running }) => [
        inc_id,
        field,
        value,
        seconds,
        running,
      ]);
      expect(timers).toEqual([
        [1, 'phase_id', 'Detect', 61, 0],
        [1, 'phase_id', 'Respond', 5, 1],
      ]);
      await deliver(deleted(first, T + HOUR));
      expect(await rows('incident_timer', 'timer_no')).toEqual([]);
    });

    const runsDashboard = name.includes('MariaDB') ? it.skip : it;
    runsDashboard('answers every query of the Grafana dashboard', async () => {
      await start();
      await seed();
      const { panels } = JSON.parse(readFileSync(DASHBOARD, 'utf8')) as { readonly panels: readonly Panel[] };
      const answers: Record<string, unknown> = {};
      for (const { title, targets } of panels) {
        for (const { rawSql } of targets) {
          const sql = rawSql
            .replaceAll('${prefix}', place.texts['table_prefix'] ?? '')
            .replaceAll(/\$__timeFilter\((\w+)\)/g, `$1 BETWEEN '2023-01-01' AND '2024-01-01'`);
          expect(sql).not.toMatch(/\$/);
          const found = await place.knex.raw<unknown>(sql);
          answers[title] = Array.isArray(found)
            ? found.length
            : (found as { readonly rows: readonly unknown[] }).rows.length;
        }
      }
      expect(answers).toEqual({
        'Open incidents': 1,
        'Overdue incidents': 1,
        'Hours to close (mean)': 1,
        'Created and closed per day': 2,
        'Open incidents by severity': 1,
        'Open incidents by phase': 1,
        'Hours in each phase': 3,
        'Tasks per phase': 2,
        'Artifacts per type': 2,
        'Oldest open incidents': 1,
        'Latest changes': 4,
      });
    });
  });
}

function numbers(found: readonly Readonly<Record<string, unknown>>[], names: readonly string[]) {
  return found.map((row) => {
    const { on_day: _day, ...others } = row;
    return { ...others, ...Object.fromEntries(names.map((name) => [name, Number(row[name])])) };
  });
}
