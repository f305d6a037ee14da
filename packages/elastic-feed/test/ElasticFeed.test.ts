import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FeedError, toTypeSchema } from '@soar-feed/core';
import type { DeliverContext, FeedEvent } from '@soar-feed/core';
import {
  aDelete,
  anAttachment,
  anIncident,
  aNote,
  aRow,
  aTask,
  buildEvent,
  recordingLogger,
  schemas,
} from '@soar-feed/feed-testkit';
import { clock, section, source } from './double/bench.js';
import { Refusal } from './double/StoredIndex.js';
import { SearchServer } from './double/SearchServer.js';
import { ElasticFeed } from '../src/index.js';

const T = 1_700_000_000_000;
const signal = new AbortController().signal;

describe('ElasticFeed', () => {
  let server: SearchServer;
  let feed: ElasticFeed;
  let log: ReturnType<typeof recordingLogger>;
  const context = (): DeliverContext => ({ signal, attempt: 1, log });
  const deliver = (...events: readonly FeedEvent[]) => feed.deliverBatch(events, context());
  const document = (index: string, id: number | string) => server.sources(`resilient_${index}`).get(String(id));

  const start = async (values: Readonly<Record<string, string>> = {}): Promise<void> => {
    await feed?.close();
    feed = new ElasticFeed(section({ url: server.url, ...values }), { name: 'search', source, log, clock });
    await feed.open({ signal });
  };

  beforeEach(async () => {
    log = recordingLogger();
    server = await SearchServer.start({ flavour: 'opensearch' });
    await start();
  });
  afterEach(async () => {
    await feed.close();
    const isAlone = await server.alone();
    await server.stop();
    expect(isAlone).toBe(true);
    expect(server.complaints).toEqual([]);
  });

  it('keeps a document that belongs to another incident now: a restored source gives ids again', async () => {
    const before = aNote({ incidentId: 2002, objectId: 953 });
    await deliver(before);
    await deliver(aNote({ incidentId: 2001, objectId: 953, observedAtMs: T + 60_000 }));
    expect(await deliver(aDelete(before, { observedAtMs: T + 70_000 }))).toMatchObject([{ change: 'unchanged' }]);
    expect(document('note', 953)).toMatchObject({ inc_id: 2001 });
  });

  describe('compatible with IBM’s feed', () => {
    it('writes IBM’s index, id and flat object with inc_id and id, nulls kept', async () => {
      expect(await deliver(anIncident())).toEqual([
        { status: 'delivered', change: 'created', ref: 'resilient_incident/2100' },
      ]);
      expect(document('incident', 2100)).toMatchObject({
        ...{ id: 2100, inc_id: 2100, org_name: 'Acme', name: 'Suspicious login', severity_code: 'Medium' },
        ...{ discovered_date: '2023-11-14T21:13:20+00:00', plan_status: 'Active', ticket: null },
      });
      await deliver(aRow());
      expect(document('hosts', 640)).toMatchObject({ host_name: 'web-1', inc_id: 2100 });
    });

    it('goes on in an index that IBM’s feed made, whose mapping is dynamic', async () => {
      const index = server.index('resilient_incident');
      index.map({ properties: { name: { type: 'date' }, id: { type: 'long' }, description: { type: 'text' } } });
      index.write('2100', 3, { id: 2100, inc_id: 2100, name: '2019-04-18' });
      expect(await deliver(anIncident())).toMatchObject([{ status: 'delivered', change: 'updated' }]);
      expect(document('incident', 2100)).toMatchObject({ name: 'Suspicious login', name__text: 'Suspicious login' });
      expect(index.dynamic).toBe(false);
    });
  });

  describe('defects of IBM’s feed', () => {
    it('data tables with upper case are refused by the server: names of indices are lower-cased', async () => {
      const schema = { ...schemas.row, name: 'MyHosts' };
      const row = { ...aRow(), key: { ...aRow().key, type: 'MyHosts' }, schema };
      expect(await deliver(row)).toMatchObject([{ status: 'delivered' }]);
      expect(document('myhosts', 640)).toMatchObject({ host_name: 'web-1' });
      const other = { ...row, key: { ...row.key, type: 'Größe' }, schema: { ...schema, name: 'Größe' } };
      expect(await deliver(other)).toMatchObject([{ status: 'delivered' }]);
      expect(document('größe', 640)).toBeDefined();
      const twin = { ...row, key: { ...row.key, type: 'myhosts' }, schema: { ...schema, name: 'myhosts' } };
      const [outcome] = await deliver(twin);
      expect(outcome).toMatchObject({ status: 'failed', error: { code: 'elastic-index-name' } });
    });

    it('an existence call before every write: a hundred incidents cost two requests', async () => {
      await deliver(anIncident());
      const before = server.requests.length;
      await deliver(...Array.from({ length: 100 }, (_, at) => anIncident({ incidentId: 3000 + at })));
      expect(server.requests.slice(before).map(({ path }) => path)).toEqual(['/_mget', '/_bulk']);
    });

    it('deleting a missing document raises: here it changes nothing', async () => {
      expect(await deliver(aDelete(aTask()))).toMatchObject([{ status: 'delivered', change: 'unchanged' }]);
    });

    it('two organizations with one prefix overwrite each other: document_id=org_object keeps them apart', async () => {
      await start({ document_id: 'org_object' });
      await deliver(anIncident(), anIncident({ orgId: 202 }), aTask(), aTask({ orgId: 202 }));
      expect([...server.sources('resilient_incident').keys()]).toEqual(['201-2100', '202-2100']);
      await deliver(aDelete(anIncident()));
      expect([...server.sources('resilient_incident').keys()]).toEqual(['202-2100']);
      expect([...server.sources('resilient_task').keys()]).toEqual(['202-310']);
    });

    it('the first value decides the type of a field: here the schema does', async () => {
      await deliver(anIncident({ payload: { name: '2019-04-18' } }));
      expect(await deliver(anIncident({ incidentId: 2101 }))).toMatchObject([{ status: 'delivered' }]);
      const { properties, dynamic } = server.index('resilient_incident');
      expect(dynamic).toBe(false);
      expect(properties).toMatchObject({
        name: { type: 'text', fields: { keyword: { type: 'keyword' } } },
        discovered_date: { type: 'date' },
        id: { type: 'long' },
      });
    });

    it('the limit of 1,000 fields loses wide incidents: it is raised by their count', async () => {
      await deliver(anIncident());
      const fields = Array.from({ length: 700 }, (_, at) => ({
        id: 9000 + at,
        name: `cust_${at}`,
        input_type: 'text',
      }));
      const wide = toTypeSchema({ id: 0, type_id: 0, type_name: 'incident', display_name: 'Incident', fields });
      expect(await deliver({ ...anIncident(), schema: wide })).toMatchObject([
        { status: 'delivered', change: 'updated' },
      ]);
      expect(server.index('resilient_incident').limit).toBeGreaterThan(1_400);
    });

    it('content is analysed as text: here it is not indexed', async () => {
      await deliver(anAttachment());
      expect(server.index('resilient_attachment').properties['content']).toEqual({ type: 'binary' });
      expect(document('attachment', 750)).toMatchObject({ content: Buffer.from('Hello').toString('base64') });
    });

    it('a stale upsert revives a deleted document after gc_deletes: its tombstone prevents that', async () => {
      await deliver(anIncident(), aTask(), aDelete(aTask()));
      server.index('resilient_task').forgetDeletes();
      expect(await deliver(aTask({ payload: { name: 'late' } }))).toEqual([
        { status: 'delivered', change: 'unchanged' },
      ]);
      expect(document('task', 310)).toBeUndefined();
    });

    it('a stale upsert revives what hung below a deleted incident or task', async () => {
      const note = aNote({ parent: aTask().key });
      await deliver(anIncident(), aTask(), note, aDelete(aTask()));
      for (const { name } of Object.values(schemas)) server.indices.get(`resilient_${name}`)?.forgetDeletes();
      await deliver(note);
      expect(document('note', 420)).toBeUndefined();
      await deliver(aDelete(anIncident()), aRow());
      expect(document('hosts', 640)).toBeUndefined();
    });

    it('labels of a multiselect are one text: multiselect=array makes a list of them', async () => {
      const field = { id: 7, name: 'teams', input_type: 'multiselect', prefix: 'properties' };
      const values = [
        { value: 1, label: 'Red, hot', enabled: true },
        { value: 2, label: 'Blue', enabled: true },
      ];
      const schema = toTypeSchema({
        id: 0,
        type_id: 0,
        type_name: 'incident',
        display_name: 'I',
        fields: [{ ...field, values }],
      });
      const event = buildEvent(schema, 2100, { properties: { teams: [1, 2] } }, {});
      await deliver(event);
      expect(document('incident', 2100)).toMatchObject({ teams: 'Red, hot, Blue' });
      await start({ multiselect: 'array' });
      await deliver(event);
      expect(document('incident', 2100)).toMatchObject({ teams: ['Red, hot', 'Blue'] });
    });
  });

  describe('versions', () => {
    const named = (name: string, observedAtMs: number, vers: number, more: object = {}): FeedEvent => ({
      ...anIncident({ observedAtMs, payload: { name, vers } }),
      ...more,
    });
    const name = () => document('incident', 2100)?.['name'];

    it('a stale event changes nothing, and counts as delivered', async () => {
      await deliver(named('new', T + 1_000, 2));
      expect(await deliver(named('old', T, 1))).toMatchObject([{ status: 'delivered', change: 'unchanged' }]);
      expect(await deliver(named('same version, seen earlier', T, 2))).toMatchObject([{ change: 'unchanged' }]);
      expect(name()).toBe('new');
    });

    it('the object’s own version wins over the clock', async () => {
      await deliver(named('first', T + 1_000, 1));
      expect(await deliver(named('second', T, 2))).toMatchObject([{ status: 'delivered', change: 'updated' }]);
      expect(name()).toBe('second');
    });

    it('what the source’s database says (restored) wins over a later version', async () => {
      await deliver(named('before the backup', T + 9_000, 9));
      await deliver(named('from the backup', T, 3, { restored: true }));
      expect(name()).toBe('from the backup');
      await deliver(named('late', T - 1, 2));
      expect(name()).toBe('from the backup');
    });

    it('a restored object comes back from its tombstone, and its children with it', async () => {
      await deliver(named('one', T, 1), aTask(), aDelete(anIncident()));
      const task = { ...aTask(), restored: true } as const;
      await deliver(named('back', T, 1, { restored: true }), task);
      expect(name()).toBe('back');
      expect(document('task', 310)).toBeDefined();
      await deliver(named('and changed', T + 500, 2));
      expect(name()).toBe('and changed');
    });

    it('a source whose clock was set back is followed, for objects without a version', async () => {
      const ahead = Date.now() + 3_600_000;
      await deliver(aTask({ observedAtMs: ahead, payload: { name: 'before' } }));
      await deliver(aTask({ observedAtMs: Date.now(), payload: { name: 'after' } }));
      expect(document('task', 310)).toMatchObject({ name: 'after' });
    });

    it('a delete comes after what it deletes, whatever the clocks say', async () => {
      await deliver(named('one', T + 60_000, 1), aTask({ observedAtMs: T + 60_000 }));
      expect(await deliver(aDelete(anIncident(), { observedAtMs: T }))).toMatchObject([{ change: 'deleted' }]);
      expect(document('incident', 2100)).toBeUndefined();
      expect(document('task', 310)).toBeUndefined();
    });
  });

  describe('deletes', () => {
    it('of an incident take all pages of its children, and no others', async () => {
      const tasks = Array.from({ length: 1_203 }, (_, at) => aTask({ objectId: 10_000 + at }));
      await deliver(anIncident(), ...tasks, aTask({ incidentId: 2101, objectId: 99 }));
      expect(await deliver(aDelete(anIncident()))).toMatchObject([{ status: 'delivered', change: 'deleted' }]);
      expect([...server.sources('resilient_task').keys()]).toEqual(['99']);
    });

    it('of a task leave the row of a data table that has a column task_id of its own', async () => {
      const { row: schema } = schemas;
      const [seen] = [...schema.fields.values()];
      const field = { ...(seen as NonNullable<typeof seen>), id: 330, name: 'task_id', inputType: 'number' };
      const fields = new Map([...schema.fields, ['task_id', field]]);
      const cells = { task_id: { row_id: 640, id: 'task_id', value: 310 } };
      await deliver(anIncident(), aTask(), { ...aRow({ payload: { cells } }), schema: { ...schema, fields } });
      await deliver(aDelete(aTask()));
      expect(document('hosts', 640)).toMatchObject({ task_id: 310 });
      expect(server.sources('resilient_task').size).toBe(0);
    });

    it('of a note take the replies that it names', async () => {
      const reply = aNote({ objectId: 421, parent: aNote().key });
      await deliver(aNote(), reply);
      const gone = aDelete(aNote());
      await deliver({ ...gone, payload: { ...gone.payload, children: [{ id: 421, children: [] }] } });
      expect(server.sources('resilient_note').size).toBe(0);
    });

    it('of a note leave the replies that live on below its frame', async () => {
      await deliver(
        aNote(),
        aNote({ objectId: 421, parent: aNote().key }),
        aNote({ objectId: 422, parent: aNote().key }),
      );
      source.living.add(422);
      const gone = aDelete(aNote());
      const children = [{ id: 421, children: [{ id: 422, children: [] }] }];
      await deliver({ ...gone, payload: { ...gone.payload, children } });
      source.living.clear();
      expect([...server.sources('resilient_note').keys()]).toEqual(['422']);
    });

    it('mark: documents stay whole, with all digits, also those below', async () => {
      await start({ on_delete: 'mark' });
      await deliver(anIncident({ payload: { properties: { ticket: 9_007_199_254_740_993n } } }), aTask());
      await deliver(aDelete(anIncident()));
      expect(document('incident', 2100)).toMatchObject({
        ticket: 9_007_199_254_740_993n,
        soar_feed: { deleted: true },
      });
      expect(document('task', 310)).toMatchObject({
        name: 'Initial triage',
        soar_feed: { deleted: true, org_id: 201 },
      });
      await deliver(anIncident(), aTask());
      expect(document('task', 310)).toMatchObject({ soar_feed: { deleted: true } });
    });
  });

  describe('what changes while running', () => {
    const withField = (inputType: string, value: unknown, observedAtMs: number): FeedEvent => {
      const fields = [{ id: 6, name: 'flag', input_type: inputType, prefix: 'properties' }];
      const schema = toTypeSchema({ id: 0, type_id: 0, type_name: 'incident', display_name: 'Incident', fields });
      return buildEvent(schema, 2100, { vers: observedAtMs - T + 1, properties: { flag: value } }, { observedAtMs });
    };

    it.each([
      ['boolean', true, 'text', 'maybe', { flag__text: 'maybe' }],
      ['number', 5, 'text', 'five', { flag: 'five', flag__text: 'five' }],
      ['datetimepicker', T, 'boolean', true, { flag: true, flag__boolean: true }],
      ['text', 'five', 'number', 5, { flag: 5 }],
    ])('a field that was %s (%p) and is %s (%p) loses nothing', async (before, old, after, value, seen) => {
      await deliver(withField(before, old, T));
      expect(await deliver(withField(after, value, T + 1))).toMatchObject([{ status: 'delivered', change: 'updated' }]);
      expect(document('incident', 2100)).toMatchObject(seen);
      await start();
      await deliver(withField(after, value, T + 2));
      expect(document('incident', 2100)).toMatchObject(seen);
    });

    it('a new field and a new table are indexed without a restart, and their templates follow', async () => {
      await deliver(anIncident());
      await deliver(withField('number', 5, T + 1), aRow());
      expect(server.index('resilient_incident').properties['flag']).toMatchObject({ type: 'long' });
      expect(server.templates.get('soar-feed-resilient_hosts')).toMatchObject({ index_patterns: ['resilient_hosts'] });
      expect(JSON.stringify(server.templates.get('soar-feed-resilient_incident'))).toContain('"flag"');
    });

    it('time series become number fields, and stay when an incident comes without', async () => {
      const timeSeries = [{ field: 'severity_code', value: 'High', seconds: 60 }] as unknown as NonNullable<
        FeedEvent['timeSeries']
      >;
      await deliver({ ...anIncident(), timeSeries });
      expect(server.index('resilient_incident').properties['timeseries__severity_code__high']).toMatchObject({
        type: 'long',
      });
      await deliver(anIncident({ observedAtMs: T + 1, payload: { name: 'Later', vers: 2 } }));
      expect(document('incident', 2100)).toMatchObject({ name: 'Later', timeseries__severity_code__high: 60 });
    });

    it.each(['', ' ', '..', 'a..b', '.a', 'a.'])(
      'a field named %j is refused before the server fails over it',
      async (name) => {
        const fields = [{ id: 6, name, input_type: 'text', prefix: 'properties' }];
        const schema = toTypeSchema({ id: 0, type_id: 0, type_name: 'incident', display_name: 'Incident', fields });
        const odd = buildEvent(schema, 2101, { properties: { [name]: 'x' } }, { incidentId: 2101 });
        expect(await deliver(odd, anIncident())).toMatchObject([
          { status: 'failed', error: { kind: 'permanent', code: 'elastic-field-name' } },
          { status: 'delivered' },
        ]);
      },
    );

    it('an index that somebody deleted comes back with its mapping', async () => {
      await deliver(anIncident());
      server.indices.delete('resilient_incident');
      server.refuse = () => new Refusal(404, 'index_not_found_exception', 'no such index');
      const [failed] = await deliver(anIncident());
      expect(failed).toMatchObject({ status: 'failed', error: { kind: 'retryable' } });
      server.refuse = () => undefined;
      await deliver(anIncident());
      expect(server.index('resilient_incident').properties['name']).toMatchObject({ type: 'text' });
    });
  });

  describe('failures', () => {
    const refusing = (status: number, type: string, reason = 'why') => {
      server.refuse = ({ id }) => (id === '2290' ? new Refusal(status, type, reason) : undefined);
      return deliver(anIncident(), anIncident({ incidentId: 2290 }), anIncident({ incidentId: 2291 }));
    };

    it.each([
      [429, 'es_rejected_execution_exception', 'retryable', 'elastic-busy'],
      [503, 'unavailable_shards_exception', 'unavailable', 'elastic-503'],
      [429, 'cluster_block_exception', 'unavailable', 'elastic-read-only'],
      [403, 'cluster_block_exception', 'unavailable', 'elastic-read-only'],
      [403, 'security_exception', 'permanent', 'elastic-403'],
      [400, 'mapper_parsing_exception', 'permanent', 'elastic-refused'],
    ])('an item that is answered %i %s alone fails: %s', async (status, type, kind, code) => {
      const [first, bad, last] = await refusing(status, type);
      expect(bad).toMatchObject({ status: 'failed', error: { kind, code } });
      expect([first, last]).toMatchObject([{ status: 'delivered' }, { status: 'delivered' }]);
    });

    it('a refusal names the index and the field, and never the value', async () => {
      const reason = `[1:2] failed to parse field [name] of type [long] in document with id '2290'. Preview of field's value: 'a secret of the incident'`;
      const [, bad] = await refusing(400, 'document_parsing_exception', reason);
      const { error } = bad as { error: Error };
      expect(error.message).toContain(
        'The index resilient_incident refused the document: 400 (document_parsing_exception), for its field name of type long.',
      );
      expect(JSON.stringify([error, error.message, error.cause])).not.toContain('a secret');
    });

    it.each([
      [429, 'retryable'],
      [502, 'unavailable'],
      [503, 'unavailable'],
      [401, 'unavailable'],
      [500, 'retryable'],
    ])('a whole request that is answered %i fails as %s, and the events come again', async (status, kind) => {
      server.fail('/_bulk', status);
      await expect(deliver(anIncident())).rejects.toMatchObject({ kind });
      expect(await deliver(anIncident())).toMatchObject([{ change: 'created' }]);
    });

    it('a login that may write nothing makes the target unwell; one that may not write one type does not', async () => {
      await deliver(anIncident());
      await refusing(403, 'security_exception');
      expect(await feed.health({ signal })).toMatchObject({ state: 'up' });
      server.fail('/_bulk', 403, {}, 2);
      const [outcome] = await deliver(anIncident());
      expect(outcome).toMatchObject({ status: 'failed', error: { kind: 'permanent', cause: { status: 403 } } });
      expect(await feed.health({ signal })).toMatchObject({ state: 'down', detail: expect.stringContaining('403') });
      await start();
      expect(await feed.health({ signal })).toMatchObject({ state: 'up' });
    });

    it('a request that is too large is halved; a document that is too large by itself fails alone', async () => {
      await deliver(anIncident());
      server.maxBytes = 3_000;
      const large = anIncident({ incidentId: 2290, payload: { name: 'n'.repeat(4_000) } });
      const outcomes = await deliver(...[1, 2, 3].map((at) => anIncident({ incidentId: 2100 + at })), large);
      expect(outcomes).toMatchObject([
        { change: 'created' },
        { change: 'created' },
        { change: 'created' },
        { status: 'failed' },
      ]);
      expect(outcomes[3]).toMatchObject({ error: { code: 'elastic-too-large', kind: 'permanent' } });
    });

    it('a portal that answers with a page is no success', async () => {
      server.fail('/_bulk', 200, { login: 'please' });
      await expect(deliver(anIncident())).rejects.toMatchObject({ kind: 'unavailable', code: 'elastic-odd-answer' });
    });

    it('a content that is too large fails its event only', async () => {
      await start({ max_content: '4' });
      expect(await deliver(anAttachment(), anIncident())).toMatchObject([
        { status: 'failed', error: { code: 'content-too-large' } },
        { status: 'delivered' },
      ]);
    });

    it('a login that may not write templates goes on without', async () => {
      server.fail((path) => path.startsWith('/_index_template'), 403, {}, 9);
      expect(await deliver(anIncident())).toMatchObject([{ status: 'delivered' }]);
      expect(log.of('warn')).toHaveLength(1);
    });

    it('an error holds neither the request nor the login', async () => {
      server.fail('/_bulk', 500);
      const error: unknown = await deliver(anIncident({ payload: { name: 'a secret name' } })).catch(
        (thrown: unknown) => thrown,
      );
      expect(FeedError.is(error)).toBe(true);
      expect(JSON.stringify(error)).not.toContain('a secret name');
      expect((error as Error).cause).toBeUndefined();
    });
  });
});
