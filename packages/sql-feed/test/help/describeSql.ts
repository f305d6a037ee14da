import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DeliveryOutcome, FeedEvent } from '@soar-feed/core';
import { aDelete, anAttachment, anIncident, aNote, aTask, recordingLogger } from '@soar-feed/feed-testkit';
import type { SqlFeed } from '../../src/index.js';
import { field, incident, incidentsWith, rowOf } from './events.js';
import { context, delivery, makeFeed } from './makeFeed.js';
import type { SqlPlace } from './sqlCase.js';

type Row = Readonly<Record<string, unknown>>;

/** What every engine must do, beyond the testkit: each known defect of IBM's feed has a test here. */
export function describeSql(name: string, makePlace: () => Promise<SqlPlace>): void {
  describe(name, () => {
    let place: SqlPlace;
    let feed: SqlFeed;

    const open = async (more: Readonly<Record<string, string>> = {}, log = recordingLogger()): Promise<SqlFeed> => {
      const made = makeFeed({ ...place.texts, ...more }, { log });
      await made.open(context());
      return made;
    };
    const give = (...events: readonly FeedEvent[]): Promise<readonly DeliveryOutcome[]> =>
      feed.deliverBatch(events, delivery());
    const rows = async (table: string): Promise<readonly Row[]> =>
      (await place.knex(`${place.texts['table_prefix'] ?? ''}${table}`).orderBy('id')) as readonly Row[];
    const ids = async (table: string): Promise<readonly number[]> => (await rows(table)).map(({ id }) => Number(id));
    const only = async (table: string): Promise<Row> => {
      const [row, other] = await rows(table);
      expect(other).toBeUndefined();
      return row ?? {};
    };

    beforeEach(async () => {
      place = await makePlace();
      feed = await open();
    });

    afterEach(async () => {
      await feed.close();
      await place.dispose();
    });

    it('refuses a stale event after a restart, too: IBM’s feed lets the older one win', async () => {
      await give(incident(1, { vers: 5, payload: { name: 'Newer' } }), incident(2, { vers: 1 }));
      await give(aDelete(incident(2)));
      await feed.close();
      feed = await open();
      const late = await give(incident(1, { vers: 4, payload: { name: 'Older' } }), incident(2, { vers: 1 }));
      expect(late.map(({ status }) => status)).toEqual(['delivered', 'skipped']);
      expect(await rows('incident')).toEqual([expect.objectContaining({ name: 'Newer' })]);
    });

    it('deletes what hangs below: IBM’s feed leaves children behind', async () => {
      const task = aTask({ incidentId: 7, objectId: 70 });
      const note = aNote({ incidentId: 7, objectId: 71, parent: task.key });
      const file = anAttachment({ incidentId: 7, objectId: 72, parent: task.key });
      const own = aNote({ incidentId: 7, objectId: 73 });
      const row = rowOf('hosts', 74, { incidentId: 7 });
      await give(incident(7), task, note, file, own, row, incident(8), aNote({ incidentId: 8, objectId: 80 }));
      await give(aDelete(task));
      expect([await ids('task'), await ids('note'), await ids('attachment')]).toEqual([[], [73, 80], []]);
      const late = await give(note);
      expect(late[0]?.status).toBe('skipped');
      await give(aDelete(incident(7)));
      expect([await ids('incident'), await ids('note'), await ids('hosts')]).toEqual([[8], [80], []]);
      expect((await give(own))[0]?.status).toBe('skipped');
      expect(
        (await give({ ...incident(7), restored: true }, { ...own, restored: true })).map(({ status }) => status),
      ).toEqual(['delivered', 'delivered']);
      expect(await ids('note')).toEqual([73, 80]);
    });

    it('deletes from a table whose name is a reserved word: IBM’s PostgreSQL dialect does not', async () => {
      const row = rowOf('order', 5);
      await give(row);
      expect(await ids('order')).toEqual([5]);
      expect(await give(aDelete(row))).toEqual([expect.objectContaining({ change: 'deleted' })]);
      expect(await ids('order')).toEqual([]);
    });

    it('keeps columns that an event leaves out: IBM’s feed erases them on SQLite and MariaDB', async () => {
      const bytes = Buffer.alloc(100_000, 7);
      const file = anAttachment({ objectId: 9, open: async () => Readable.from([bytes]) });
      const { content: _, ...bare } = file;
      const timed = {
        ...incident(2100),
        timeSeries: [{ field: 'plan_status', value: 'Active', seconds: 12, running: true }],
      };
      await give(timed as unknown as FeedEvent, file);
      await give(incident(2100, { vers: 2, payload: { name: 'Changed' } }), bare);
      expect(Buffer.compare((await only('attachment'))['content'] as Buffer, bytes)).toBe(0);
      const row = await only('incident');
      expect(row['name']).toBe('Changed');
      expect(Number(row['timeseries__plan_status__active'])).toBe(12);
    });

    it('follows a new field, and a field that is gone keeps its column and its values', async () => {
      const schema = incidentsWith([field('reviewer')]);
      await give(incident(1), incident(2, { schema, properties: { reviewer: 'Grace' } }));
      expect((await rows('incident')).map(({ reviewer }) => reviewer)).toEqual([null, 'Grace']);
      const renamed = incidentsWith([field('second_reviewer')]);
      await give(incident(2, { schema: renamed, properties: { second_reviewer: 'Ada' }, vers: 2 }));
      expect((await rows('incident'))[1]).toMatchObject({ reviewer: 'Grace', second_reviewer: 'Ada' });
    });

    it('follows a field whose type changed: IBM’s feed swallows the change and loses the rows', async () => {
      const as = (type: string) => incidentsWith([field('amount', type)]);
      await give(incident(1, { schema: as('boolean'), properties: { amount: true } }));
      await give(incident(2, { schema: as('number'), properties: { amount: 12 } }));
      await give(incident(3, { schema: as('text'), properties: { amount: '007' } }));
      await give(incident(4, { schema: as('datetimepicker'), properties: { amount: 1_700_000_000_123 } }));
      const seen = (await rows('incident')).map(({ amount }) => String(amount));
      expect(seen.slice(0, 3)).toEqual(['1', '12', '007']);
      expect(seen[3]).toMatch(/^2023-11-14[T ]22:13:20\.123/);
    });

    it('makes its tables and columns once: IBM’s feed adds every column again after a restart', async () => {
      await give(incident(1), aTask(), aNote());
      await feed.close();
      const log = recordingLogger();
      feed = await open({}, log);
      await give(incident(1, { vers: 2 }), aTask(), aNote());
      expect(log.lines.filter(({ fields }) => String(fields['event']).startsWith('sql.table'))).toEqual([]);
    });

    it('tells two columns apart whose names agree for longer than the engine’s names are: PostgreSQL cuts them', async () => {
      const long = `a_field_whose_name_goes_on_and_on_for_more_than_a_hundred_and_twenty_eight_bytes_${'x'.repeat(80)}`;
      const schema = incidentsWith([field(`${long}_one`), field(`${long}_two`)]);
      await give(incident(1, { schema, properties: { [`${long}_one`]: 'first', [`${long}_two`]: 'second' } }));
      const texts = Object.values(await only('incident'));
      expect(texts).toContain('first');
      expect(texts).toContain('second');
      await feed.close();
      feed = await open();
      await give(incident(1, { schema, properties: { [`${long}_one`]: 'third' }, vers: 2 }));
      const after = Object.values(await only('incident'));
      expect([after.includes('first'), after.includes('third')]).toEqual([false, true]);
    });

    it('takes U+0000 and half a surrogate pair: PostgreSQL refuses the one, and the other becomes anything', async () => {
      await give(incident(1, { payload: { name: 'a\u0000b \ud83d c 😀' } }));
      expect((await only('incident'))['name']).toBe('a\ufffdb \ufffd c 😀');
    });

    it('takes ids and numbers of 64 bits: IBM’s ids have 32', async () => {
      const schema = incidentsWith([field('amount', 'number')]);
      const id = 2 ** 31 + 5;
      await give(
        incident(id, { schema, properties: { amount: 9_007_199_254_740_993n } }),
        incident(id + 1, { schema }),
      );
      expect(await ids('incident')).toEqual([id, id + 1]);
      const [{ amount } = { amount: undefined }] = (await place
        .knex(`${place.texts['table_prefix'] ?? ''}incident`)
        .orderBy('id')
        .select(
          place.knex.raw(
            `${place.knex.client.config.client === 'mysql2' ? 'cast(amount as char)' : 'cast(amount as text)'} as amount`,
          ),
        )) as readonly Row[];
      expect(amount).toBe('9007199254740993');
    });

    it('keeps a value that its column cannot hold in more_fields, and takes it out again', async () => {
      if (feed.engine === 'sqlite') return;
      const schema = incidentsWith([field('amount', 'number'), field('day', 'datepicker')]);
      await give(incident(1, { schema, properties: { amount: 1.5, day: 'tomorrow' } }), incident(2));
      const [odd] = await rows('incident');
      expect(odd).toMatchObject({ amount: null, day: null });
      expect(JSON.parse(String(odd?.['more_fields']))).toEqual({ amount: 1.5, day: 'tomorrow' });
      await give(incident(1, { schema, properties: { amount: 2, day: null }, vers: 2 }));
      expect((await rows('incident'))[0]).toMatchObject({ more_fields: null, day: null });
    });

    it('writes 400 text fields of one incident, each full, and more than one statement takes', async () => {
      const names = Array.from({ length: 400 }, (_, at) => `custom_${at}`);
      const schema = incidentsWith(names.map((one, at) => field(one, 'text', 6_000 + at)));
      const value = (id: number, at: number) => `${id} ${at} `.padEnd(40, 'é').slice(0, 30);
      const made = Array.from({ length: 300 }, (_, at) =>
        incident(at + 1, { schema, properties: Object.fromEntries(names.map((one, no) => [one, value(at + 1, no)])) }),
      );
      const outcomes = await give(...made);
      expect(outcomes.filter(({ status }) => status !== 'delivered').slice(0, 1)).toEqual([]);
      const wrong = (await rows('incident')).filter((row) => {
        const more = JSON.parse(String(row['more_fields'] ?? '{}')) as Row;
        return !names.every((one, no) => (row[one] ?? more[one]) === value(Number(row['id']), no));
      });
      expect(wrong).toEqual([]);
      expect(await ids('incident')).toHaveLength(made.length);
    });

    it('folds a batch to one row per object: the same id twice in one statement is refused', async () => {
      const made = Array.from({ length: 200 }, (_, at) =>
        incident((at % 20) + 1, { vers: at + 1, payload: { name: `No. ${at}` } }),
      );
      expect((await give(...made)).every(({ status }) => status === 'delivered')).toBe(true);
      expect((await rows('incident')).map((row) => row['name'])).toEqual(
        Array.from({ length: 20 }, (_, at) => `No. ${180 + at}`),
      );
    });

    it('applies a batch in its order, deletes included', async () => {
      const back = { ...incident(3, { vers: 3, payload: { name: 'Back' } }), restored: true as const };
      const outcomes = await give(incident(3), aDelete(incident(3)), back, incident(4), aDelete(incident(4)));
      expect(outcomes.map((one) => (one.status === 'delivered' ? one.change : one.status))).toEqual([
        'created',
        'deleted',
        'created',
        'created',
        'deleted',
      ]);
      expect((await rows('incident')).map((row) => row['name'])).toEqual(['Back']);
    });

    it('runs beside another feed in the same database, each with its own prefix', async () => {
      const other = await open({ table_prefix: `${place.texts['table_prefix'] ?? ''}second_` });
      await give(incident(1), aTask());
      await other.deliverBatch([incident(2, { payload: { name: 'Other' } })], delivery());
      await other.deliverBatch([aDelete(anIncident())], delivery());
      await other.close();
      expect([await ids('incident'), await ids('task')]).toEqual([[1], [310]]);
      expect(await ids('second_incident')).toEqual([2]);
    });

    it('looks again when somebody dropped a table or a column', async () => {
      await give(incident(1), aTask());
      const table = `${place.texts['table_prefix'] ?? ''}task`;
      await place.knex.schema.dropTable(table);
      const failed = await give(aTask({ objectId: 311 })).catch((error: unknown) => error);
      expect(failed).toMatchObject({ kind: 'retryable', code: 'sql-table-changed' });
      expect((await give(aTask({ objectId: 311 })))[0]?.status).toBe('delivered');
      expect(await ids('task')).toEqual([311]);
    });

    it('keeps ids beside labels, and one row per value of a multiselect: labels get renamed', async () => {
      await feed.close();
      feed = await open({ ids: 'true', link_tables: 'true' });
      const options = (label: string) => [
        { value: 7, label, enabled: true },
        { value: 8, label: 'Fraud', enabled: true },
      ];
      const schema = (label: string) => incidentsWith([{ ...field('kinds', 'multiselect'), values: options(label) }]);
      await give(
        incident(1, { schema: schema('Phish'), properties: { kinds: [7, 8] } }),
        incident(2, { schema: schema('Phish'), properties: { kinds: [] } }),
        incident(3, { schema: schema('Phish'), properties: { kinds: [8] } }),
      );
      const choices = async () =>
        (await rows('soar_feed_choices'))
          .map(({ id, field: of, choice_id, choice }) => `${id} ${of} ${choice_id} ${choice}`)
          .sort();
      expect(await choices()).toEqual(['1 kinds 7 Phish', '1 kinds 8 Fraud', '3 kinds 8 Fraud']);
      const [first, second] = await rows('incident');
      expect(first).toMatchObject({ kinds: 'Phish, Fraud', kinds__id: '7, 8', severity_code: 'Medium' });
      expect(Number(first?.['severity_code__id'])).toBe(51);
      expect([first?.['plan_status__id'], second?.['kinds__id']]).toEqual(['A', '']);
      await give(
        incident(1, { schema: schema('Phishing'), properties: { kinds: [7] }, vers: 2 }),
        aDelete(incident(3)),
      );
      expect(await choices()).toEqual(['1 kinds 7 Phishing']);
    });

    it('has foreign keys with foreign_keys=true: a child waits for its parent, and goes before it', async () => {
      await feed.close();
      await place.dispose();
      place = await makePlace();
      feed = await open({ foreign_keys: 'true' });
      const task = aTask({ incidentId: 1, objectId: 10 });
      const note = aNote({ incidentId: 1, objectId: 11, parent: task.key });
      expect(await give(note, task)).toEqual([
        expect.objectContaining({ status: 'waiting', on: expect.objectContaining({ type: 'incident', objectId: 1 }) }),
        expect.objectContaining({ status: 'waiting' }),
      ]);
      await give(incident(1));
      expect(await give(note)).toEqual([
        expect.objectContaining({ status: 'waiting', on: expect.objectContaining({ type: 'task', objectId: 10 }) }),
      ]);
      expect((await give(task, note)).map(({ status }) => status)).toEqual(['delivered', 'delivered']);
      const orphan = { id: 99, inc_id: 12_345 };
      const table = `${place.texts['table_prefix'] ?? ''}task`;
      if (feed.engine === 'sqlite') await place.knex.raw('PRAGMA foreign_keys = ON');
      await expect(Promise.resolve(place.knex(table).insert(orphan))).rejects.toThrow(/foreign key|FOREIGN KEY/);
      await give(aDelete(incident(1)));
      expect([await ids('incident'), await ids('task'), await ids('note')]).toEqual([[], [], []]);
    });

    it('marks deletes with on_delete=mark, and a restored object loses the mark', async () => {
      await feed.close();
      feed = await open({ on_delete: 'mark' });
      const note = aNote({ incidentId: 1, objectId: 5 });
      await give(incident(1), note, incident(2));
      await give(aDelete(incident(1)));
      const marks = async () => (await rows('incident')).map((row) => row['deleted_at'] !== null);
      expect([await marks(), (await only('note'))['deleted_at'] !== null]).toEqual([[true, false], true]);
      await give({ ...incident(1, { vers: 2 }), restored: true });
      expect(await marks()).toEqual([false, false]);
    });
  });
}
