import { afterEach, describe, expect, it } from '@jest/globals';
import { aDelete, anArtifact, anAttachment, anIncident, aNote, aRow, aTask } from '@soar-feed/feed-testkit';
import type { FeedEvent } from '@soar-feed/core';
import fc from 'fast-check';
import { artifact, deleted, incident, task } from './biEvents.js';
import { HistoryBench } from './histories.js';
import type { Version } from './histories.js';
import { HistoryModel } from './HistoryModel.js';
import type { SqlPlace } from './sqlCase.js';

const T = 1_795_000_000_000;

/** What the history promises, on one engine. */
export function describeHistory(
  name: string,
  place: () => Promise<SqlPlace>,
  { runs }: { readonly runs: number },
): void {
  describe(name, () => {
    let bench: HistoryBench;
    const start = async (settings: Readonly<Record<string, string>> = {}) =>
      (bench = await new HistoryBench(await place(), settings).open());
    afterEach(() => bench.dispose());

    const spans = async (type: string) =>
      (await bench.versions(type)).map(({ id, from, to, operation, endedBy }) => [
        id,
        from - T,
        to === null ? null : to - T,
        operation,
        endedBy,
      ]);

    it('keeps every version with its time, and the newest one open', async () => {
      await start();
      const first = incident(1, { creator_principal: { display_name: 'Ada Admin', name: 'ada' }, vers: 1 }, { at: T });
      await bench.deliver(first, incident(1, { phase_id: 2, vers: 2, inc_last_modified_date: T + 40 }, { at: T + 50 }));
      await bench.deliver(incident(1, { phase_id: 2, plan_status: 'C', vers: 3 }, { at: T + 90 }));
      const versions = await bench.versions('incident');
      // The object's own date of change counts before the time at which it was seen.
      expect(versions.map(({ from, to, operation, endedBy }) => [from - T, to && to - T, operation, endedBy])).toEqual([
        [0, 40, 'created', 'updated'],
        [40, 90, 'updated', 'updated'],
        [90, null, 'updated', null],
      ]);
      expect(versions.map(({ values }) => [values['phase_id'], values['plan_status']])).toEqual([
        [null, 'Active'],
        ['Respond', 'Active'],
        ['Respond', 'Closed'],
      ]);
      expect(versions.map(({ changedBy }) => changedBy)).toEqual(['Ada Admin', null, null]);
      expect([versions.at(-1)?.values]).toEqual(await bench.current('incident'));
    });

    it('adds nothing for what comes again, changes nothing, or is stale', async () => {
      await start();
      const events = [
        incident(1, { vers: 3 }, { at: T }),
        task(5, 1, {}, { at: T + 1 }),
        task(5, 1, { status: 'C' }, { at: T + 2 }),
      ];
      await bench.deliver(...events);
      const before = [await spans('incident'), await spans('task')];
      await bench.deliver(...events);
      await bench.deliver(incident(1, { vers: 2, name: 'old' }, { at: T + 10 }));
      await bench.deliver(task(5, 1, { name: 'old' }, { at: T - 10 }));
      await bench.deliver(incident(1, { vers: 3, inc_last_modified_date: T }, { at: T + 60, origin: 'reload' }));
      expect([await spans('incident'), await spans('task')]).toEqual(before);
    });

    it('ends the versions of all that a delete takes along, and begins new ones when it is restored', async () => {
      await start();
      const [one, work, address] = [
        incident(1, {}, { at: T }),
        task(5, 1, {}, { at: T }),
        artifact(7, 1, {}, { at: T }),
      ];
      await bench.deliver(one, work, address, incident(2, {}, { at: T }));
      await bench.deliver(deleted(one, T + 100));
      await bench.deliver(deleted(one, T + 100));
      expect(await spans('incident')).toEqual([
        [1, 0, 100, 'created', 'deleted'],
        [2, 0, null, 'created', null],
      ]);
      expect(await spans('task')).toEqual([[5, 0, 100, 'created', 'deleted']]);
      expect(await spans('artifact')).toEqual([[7, 0, 100, 'created', 'deleted']]);
      await bench.deliver(
        incident(1, { inc_last_modified_date: T }, { at: T + 200, origin: 'reload', restored: true }),
      );
      expect((await spans('incident')).slice(0, 2)).toEqual([
        [1, 0, 100, 'created', 'deleted'],
        [1, 200, null, 'restored', null],
      ]);
    });

    it('ends what hangs below a task, and says who wrote what', async () => {
      await start();
      const parent = { orgId: 201, incidentId: 2100, type: 'task', objectId: 310 };
      const user = { display_name: 'Bo Responder', name: 'bo' };
      await bench.deliver(
        anIncident(),
        aTask(),
        aNote({ parent, payload: { modify_principal: user } }),
        aNote({ objectId: 999, payload: { modify_principal: null } }),
        anAttachment({ parent }),
        anArtifact({ payload: { last_modified_by: { type: 'user', ...user } } }),
        aRow(),
      );
      await bench.deliver(aDelete(aTask()));
      expect((await bench.versions('note')).map(({ changedBy, endedBy }) => [changedBy, endedBy])).toEqual([
        ['Bo Responder', 'deleted'],
        [null, null],
      ]);
      expect((await bench.versions('attachment')).map(({ endedBy }) => endedBy)).toEqual(['deleted']);
      expect((await bench.versions('artifact')).map(({ changedBy, endedBy }) => [changedBy, endedBy])).toEqual([
        ['Bo Responder', null],
      ]);
      expect((await bench.versions('incident')).map(({ endedBy }) => endedBy)).toEqual([null]);
    });

    it('follows new fields, and the versions before them stay', async () => {
      await start();
      const old = incident(1, { vers: 1 }, { at: T });
      await bench.deliver(old);
      const fields = new Map(old.schema.fields);
      const like = fields.get('name') as NonNullable<ReturnType<typeof fields.get>>;
      fields
        .set('valid_to', { ...like, name: 'valid_to', id: 500 })
        .set('ticket', { ...like, name: 'ticket', id: 501 });
      const grown = { ...old.schema, fields };
      await bench.deliver({
        ...incident(1, { vers: 2, ticket: 'T-1', valid_to: 'mine' }, { at: T + 5 }),
        schema: grown,
      });
      await bench.deliver({
        ...incident(1, { vers: 3, ticket: 'T-2', valid_to: 'mine' }, { at: T + 9 }),
        schema: grown,
      });
      const versions = await bench.versions('incident');
      expect(versions.map(({ values }) => values['ticket'])).toEqual([null, 'T-1', 'T-2']);
      // A field may be called as a column of the history is: its column gets another name there.
      expect(versions.map(({ to }) => to)).toEqual([T + 5, T + 9, null]);
      const renamed = Object.keys(versions[0]?.values ?? {}).filter((column) => column.startsWith('valid_to_'));
      expect(versions.map(({ values }) => values[renamed[0] ?? ''])).toEqual([null, 'mine', 'mine']);
    });

    it('carries on what an event leaves out', async () => {
      await start();
      const one = incident(1, { vers: 1, severity_code: 50 }, { at: T });
      const fields = new Map([...one.schema.fields].filter(([field]) => field !== 'severity_code'));
      await bench.deliver(one);
      // The type has lost a field; its column stays, and so does its value.
      await bench.deliver({
        ...incident(1, { vers: 2, due_date: T, name: 'b' }, { at: T + 5 }),
        schema: { ...one.schema, fields },
      });
      const [, last] = await bench.versions('incident');
      expect(last?.values).toMatchObject({ severity_code: 'Low', name: 'b' });
      expect([last?.values]).toEqual(await bench.current('incident'));
    });

    it('ends what was deleted while no history was kept, and does not take a table of a type for its own', async () => {
      await start();
      const one = incident(1, {}, { at: T });
      await bench.deliver(one, incident(2, {}, { at: T }));
      await bench.reopen({ history: 'false' });
      await bench.deliver(deleted(one, T + 50));
      await bench.reopen();
      const twin = { ...incident(3, {}, { at: T }).schema, name: 'incident_history', kind: 8, id: 1_010 };
      await bench.deliver(incident(2, {}, { at: T }), {
        ...incident(3, {}, { at: T }),
        key: { ...one.key, type: 'incident_history', objectId: 3 },
        schema: twin,
      });
      expect(await spans('incident')).toEqual([
        [1, 0, expect.any(Number), 'created', 'deleted'],
        [2, 0, null, 'created', null],
      ]);
    });

    it.each(['remove', 'mark'])(
      'equals a model of what was true when, whatever comes in what order (on_delete=%s)',
      async (on_delete) => {
        await start({ on_delete });
        let run = 0;
        await fc.assert(
          fc.asyncProperty(batches, async (plan) => {
            run += 1;
            await checkRun(bench, plan, run * 1_000);
          }),
          { numRuns: runs, seed: 7, endOnFailure: true },
        );
      },
    );
  });
}

interface Step {
  readonly kind:
    'incident' | 'task' | 'artifact' | 'delete-incident' | 'delete-task' | 'restored-incident' | 'restored-task';
  readonly one: 1 | 2;
  readonly after: number;
  readonly name: 'a' | 'b';
  readonly closed: boolean;
  readonly origin: 'queue' | 'reload';
}

const step = fc.record<Step>({
  kind: fc.constantFrom(
    'incident',
    'incident',
    'task',
    'task',
    'artifact',
    'delete-incident',
    'delete-task',
    'restored-incident',
    'restored-task',
  ),
  one: fc.constantFrom(1, 2),
  after: fc.constantFrom(0, 0, 1, 5, -3),
  name: fc.constantFrom('a', 'b'),
  closed: fc.boolean(),
  origin: fc.constantFrom('queue', 'reload'),
});

/** Batches of steps; each may be followed by a redelivery of the last so-many batches. */
const batches = fc.array(
  fc.record({ steps: fc.array(step, { minLength: 1, maxLength: 6 }), again: fc.constantFrom(0, 0, 1, 2) }),
  { minLength: 1, maxLength: 6 },
);

async function checkRun(
  bench: HistoryBench,
  plan: readonly { readonly steps: readonly Step[]; readonly again: number }[],
  base: number,
): Promise<void> {
  const model = new HistoryModel();
  const sent: (readonly FeedEvent[])[] = [];
  let now = T + base;
  let vers = 0;
  for (const { steps, again } of plan) {
    const events = steps.map((one) => {
      now += Math.max(0, one.after);
      vers += 1;
      // Only snapshots come late: deletes and what the database says are judged by the order in which they come.
      const isLate = one.after < 0 && !/delete|restored/.test(one.kind);
      return eventOf(one, base, isLate ? now + one.after : now, vers);
    });
    sent.push(events);
    const outcomes = await bench.deliver(...events);
    events.forEach((event, at) => model.take(event, outcomes[at] as (typeof outcomes)[number]));
    if (again > 0) {
      const before = await versionsOf(bench, base);
      for (const batch of sent.slice(-again)) await bench.deliver(...batch);
      expect(await versionsOf(bench, base)).toEqual(before);
    }
  }
  for (const type of ['incident', 'task', 'artifact']) {
    const versions = (await versionsOf(bench, base))[type] ?? [];
    const open = versions.filter(({ to }) => to === null).map(({ values }) => values);
    const current = (await bench.current(type)).filter((row) => isOf(Number(row['id']), base));
    expect(open).toEqual(current);
    for (const { id } of model.objects.filter((one) => one.type === type)) {
      const shown = model.moments.map((at) => [at - T, ...statesAt(versions, id, at)]);
      const meant = model.moments.map((at) => [
        at - T,
        ...[model.stateAt(type, id, at)].filter((state) => state !== null),
      ]);
      expect([type, id, shown]).toEqual([type, id, meant]);
    }
  }
}

function statesAt(versions: readonly Version[], id: number, at: number): readonly string[] {
  return versions
    .filter((one) => one.id === id && one.from <= at && (one.to === null || one.to > at))
    .map(({ values }) => {
      const isClosed = [values['plan_status'], values['status']].includes('Closed');
      return `${String(values['name'] ?? values['value'])} ${isClosed ? 'Closed' : 'open'}`;
    });
}

function eventOf({ kind, one, name, closed, origin }: Step, base: number, at: number, vers: number): FeedEvent {
  const incidentId = base + one;
  const status = closed ? 'C' : 'A';
  switch (kind) {
    case 'incident':
      return incident(incidentId, { name, plan_status: status, vers, inc_last_modified_date: at - 2 }, { at, origin });
    case 'restored-incident':
      return incident(incidentId, { name, plan_status: status, vers }, { at, origin: 'reload', restored: true });
    case 'task':
    case 'restored-task': {
      const restored = kind === 'task' ? {} : ({ restored: true, origin: 'reload' } as const);
      return task(base + 10 + one, incidentId, { name, status: closed ? 'C' : 'O' }, { at, origin, ...restored });
    }
    case 'artifact':
      return artifact(
        base + 20 + one,
        incidentId,
        { name, value: name, created: 1, last_modified_time: at - 1 },
        { at, origin },
      );
    case 'delete-incident':
      return deleted(incident(incidentId, {}, { at }), at);
    case 'delete-task':
      return deleted(task(base + 10 + one, incidentId, {}, { at }), at);
  }
}

const isOf = (id: number, base: number): boolean => id > base && id < base + 1_000;

async function versionsOf(bench: HistoryBench, base: number): Promise<Readonly<Record<string, readonly Version[]>>> {
  const all = await Promise.all(
    ['incident', 'task', 'artifact'].map(async (type) => {
      const there = await bench.versions(type).catch(() => []);
      return [type, there.filter(({ id }) => isOf(id, base))] as const;
    }),
  );
  return Object.fromEntries(all);
}
