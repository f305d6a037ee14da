import { describe, expect, it } from '@jest/globals';
import { fakeClock } from '@soar-feed/feed-testkit';
import { writeJson } from '@soar-feed/soar-client';
import { DecodeError } from '../../src/contract/errors.js';
import type { FeedEvent } from '../../src/contract/FeedEvent.js';
import type { Decoded } from '../../src/intake/queue/decodeMessage.js';
import { decodeMessage } from '../../src/intake/queue/decodeMessage.js';
import type { TypeDescription } from '../../src/shape/toTypeSchema.js';
import { action, BROKER_MS, catalogOf, events, incident, incoming, syncFunction, types } from './messages.js';

const clock = fakeClock();
const catalog = catalogOf(clock);
const context = { catalog, events, now: () => clock.now() };

const decoded = (body: unknown, headers?: Record<string, string>): Promise<Decoded> =>
  decodeMessage(incoming(body, headers), context);

async function eventOf(body: unknown, headers?: Record<string, string>): Promise<FeedEvent> {
  const result = await decoded(body, headers);
  if (result.kind !== 'event') throw new Error(`no event but ${JSON.stringify(result)}`);
  return result.event;
}

const key = (type: string, objectId: number) => ({ orgId: 201, incidentId: 4517, type, objectId });

describe('decodeMessage', () => {
  it('does not guess from the beginning of a message that is too large', async () => {
    const cut = { ...incoming('{"object_type":0'), cutFromBytes: 40_000_000 };
    await expect(decodeMessage(cut, context)).rejects.toMatchObject({ code: 'message-too-large' });
  });

  it('keeps every digit of a number', async () => {
    const large = { ...incident, properties: { counter: 9_007_199_254_740_993n } };
    const event = await eventOf(writeJson(action(0, { incident: large })));
    expect(event.payload.properties).toEqual({ counter: 9_007_199_254_740_993n });
  });

  it('reads an incident, with the labels of the message before those of the catalog', async () => {
    const values = {
      '6': { value: 6, label: 'High', enabled: true },
      '7': { value: 7, label: 'Brand new', enabled: true },
    };
    const type_info = {
      incident: { type_id: 0, fields: { severity_code: { id: 62, values }, name: { id: 17, values: {} } } },
    };
    const result = await decoded(action(0, { type_info }));
    expect(result).toMatchObject({
      kind: 'event',
      uncertain: false,
      event: {
        ...{ id: 'ID:host-1', origin: 'queue', operation: 'upsert', key: key('incident', 4517) },
        ...{ workspace: 'Default workspace', observedAtMs: BROKER_MS, payload: incident },
      },
    });
    const { event } = result as Extract<Decoded, { kind: 'event' }>;
    expect(event).not.toHaveProperty('parent');
    expect([...(event.schema.fields.get('severity_code')?.options.values() ?? [])].map(({ label }) => label)).toEqual([
      'High',
      'Brand new',
    ]);
    expect((await catalog.named('incident'))?.fields.get('severity_code')?.options.get('6')?.label).toBe('Old label');
  });

  it('takes the workspace from the message where the catalog does not know it yet', async () => {
    const values = { '9': { value: 9, label: 'New space', enabled: true } };
    const type_info = { incident: { type_id: 0, fields: { workspace: { id: 9, values } } } };
    const event = await eventOf(
      action(3, { incident: { ...incident, workspace: 9 }, milestone: { id: 31, inc_id: 4517 }, type_info }),
    );
    expect(event).toMatchObject({ workspace: 'New space', key: key('milestone', 31), parent: key('incident', 4517) });
  });

  it('reads the types again for a workspace that neither the message nor the catalog knows', async () => {
    const time = fakeClock();
    let known = types;
    const own = { catalog: catalogOf(time, async () => known), events, now: () => time.now() };
    await own.catalog.all();
    const space = (id: number, label: string) => ({ value: id, label });
    const workspace = {
      id: 9,
      name: 'workspace',
      input_type: 'select',
      values: [space(1, 'Default workspace'), space(9, 'New space')],
    };
    known = types.map((type) => (type.type_name === 'incident' ? { ...type, fields: [workspace] } : type));
    await time.advance(60_000);
    const message = action(3, { incident: { ...incident, workspace: 9 }, milestone: { id: 31, inc_id: 4517 } });
    expect(await decodeMessage(incoming(message), own)).toMatchObject({ event: { workspace: 'New space' } });
  });

  it('reads every type of child, each with its parent', async () => {
    const task = { id: 2259186, name: 'Initial Triage', inc_id: 4517, status: 'O' };
    const file = { id: 338, name: 'mail.eml', content_type: 'message/rfc822', size: 8646 };
    const read = [
      await eventOf(action(1, { task })),
      await eventOf(action(2, { note: { id: 900, type: 'incident', inc_id: 4517, task_id: null, parent_id: null } })),
      await eventOf(
        action(2, { note: { id: 901, type: 'task', inc_id: 4517, task_id: 2259186, parent_id: null }, task }),
      ),
      await eventOf(
        action(2, { note: { id: 902, type: 'task', inc_id: 4517, task_id: 2259186, parent_id: 901 }, task }),
      ),
      await eventOf(action(4, { artifact: { id: 77, inc_id: 4517, parent_id: null, attachment: null } })),
      await eventOf(action(4, { artifact: { id: 78, inc_id: 4517, parent_id: 77, attachment: file } })),
      await eventOf(
        action(5, { attachment: { ...file, id: 337, type: 'task', inc_id: 4517, task_id: 2259186 }, task }),
      ),
      await eventOf(action(5, { attachment: { ...file, id: 336, type: 'incident', inc_id: 4517, task_id: null } })),
    ];
    expect(read.map((event) => [event.key, event.parent])).toEqual([
      [key('task', 2259186), key('incident', 4517)],
      [key('note', 900), key('incident', 4517)],
      [key('note', 901), key('task', 2259186)],
      [key('note', 902), key('note', 901)],
      [key('artifact', 77), key('incident', 4517)],
      [key('artifact', 78), key('artifact', 77)],
      [key('attachment', 337), key('task', 2259186)],
      [key('attachment', 336), key('incident', 4517)],
    ]);
    expect(read.map((event) => event.content?.name)).toEqual([
      ...Array<undefined>(5),
      'mail.eml',
      'mail.eml',
      'mail.eml',
    ]);
    expect(read[7]?.content).toMatchObject({ contentType: 'message/rfc822', size: 8646 });
  });

  it('knows the task of a note or attachment that does not name it by the task beside it', async () => {
    const note = { id: 901, type: 'task', inc_id: 4517, parent_id: null };
    const task = { id: 2259186, name: 'Initial Triage' };
    const ofTask = await eventOf(action(2, { note, task }));
    expect(ofTask).toMatchObject({ parent: key('task', 2259186), payload: { task_id: 2259186 } });
    const attachment = await eventOf(action(5, { attachment: { id: 337, inc_id: 4517, name: 'a' }, task }));
    expect(attachment.parent).toEqual(key('task', 2259186));
    const ofIncident = await eventOf(action(2, { note: { ...note, type: 'incident' }, task }));
    expect(ofIncident.parent).toEqual(key('incident', 4517));
  });

  it('reads a row by the number of its table, and its incident from beside it', async () => {
    const cells = { '322': { id: 322, row_id: 27, value: '<p>text</p>' }, '323': { id: 323, row_id: 27, value: 52 } };
    const values = { '52': { value: 52, label: 'sel 1', enabled: true } };
    const type_info = {
      test_dt: { type_id: 1001, fields: { col_1: { id: 322, values: {} }, col_2: { id: 323, values } } },
    };
    const row = { id: 27, type_id: 1001, table_name: 'test_dt', version: 2, cells };
    const event = await eventOf(action(1001, { row, type_info }));
    expect(event).toMatchObject({ key: key('test_dt', 27), parent: key('incident', 4517), payload: row });
    expect(event.schema.fields.get('col_2')?.options.get('52')?.label).toBe('sel 1');
  });

  it('reads a delete from the message alone', async () => {
    const artifact = { id: 77, inc_id: 4517, attachment: { id: 338, name: 'mail.eml' } };
    const event = await eventOf(action(4, { operation_type: 'deleted', artifact }));
    expect(event).toMatchObject({ operation: 'delete', key: key('artifact', 77), payload: artifact });
    expect(event).not.toHaveProperty('content');
    const gone = await eventOf(action(1, { operation_type: 'deleted', incident: null, task: { id: 5, inc_id: 4517 } }));
    expect(gone).toMatchObject({ operation: 'delete', workspace: '' });
  });

  it('leaves open what a message without operation_type means', async () => {
    const { operation_type: _, ...menuRule } = action(0);
    expect(await decoded(menuRule)).toMatchObject({ kind: 'event', uncertain: true, event: { operation: 'upsert' } });
    expect(await decoded(action(0, { operation_type: null }))).toMatchObject({ kind: 'event', uncertain: true });
    expect(await decoded(action(0, { operation_type: '' }))).toMatchObject({ kind: 'event', uncertain: true });
    expect(await decoded(action(0, { operation_type: 'updated' }))).toMatchObject({ kind: 'event', uncertain: false });
  });

  it('takes the host clock where the broker gives no time', async () => {
    expect((await eventOf(action(0), { timestamp: 'soon' })).observedAtMs).toBe(clock.now());
    expect((await eventOf(action(0), { timestamp: '0' })).observedAtMs).toBe(clock.now());
  });

  it('ignores what is no change of an object', async () => {
    expect(await decoded('no JSON at all', { Co3MessagePayload: 'ConnectorSubscriptionUpdateDTO' })).toMatchObject({
      kind: 'ignored',
    });
    expect(await decoded({}, { Co3MessagePayload: 'RestAPIExecutionEventDTO' })).toMatchObject({ kind: 'ignored' });
    expect(await decoded(action(13, { incident: null, emailmessage: { id: 1 } }))).toMatchObject({ kind: 'ignored' });
    expect(await decoded(syncFunction({}, 'fn_other'))).toMatchObject({
      kind: 'ignored',
      reason: expect.stringContaining('fn_other'),
    });
  });

  it.each([
    [
      'both ends',
      { df_min_incident_id: 2001, df_max_incident_id: 2010, df_query_api_method: false },
      { minIncidentId: 2001, maxIncidentId: 2010, method: 'search' },
    ],
    [
      'one incident',
      { df_min_incident_id: 2001, df_max_incident_id: null, df_query_api_method: true },
      { minIncidentId: 2001, maxIncidentId: 2001, method: 'query' },
    ],
    [
      'a maximum of 0',
      { df_min_incident_id: 2001, df_max_incident_id: 0 },
      { minIncidentId: 2001, maxIncidentId: 2001, method: 'search' },
    ],
    [
      'from the first',
      { df_min_incident_id: 0, df_max_incident_id: 7 },
      { minIncidentId: 0, maxIncidentId: 7, method: 'search' },
    ],
  ])('reads the range of "Sync Incidents": %s', async (_, inputs, range) => {
    expect(await decoded(syncFunction(inputs), { Co3MessagePayload: 'FunctionDataDTO' })).toEqual({
      kind: 'sync',
      request: { ...range, inputs },
    });
  });

  it('takes two zeros of "Sync Incidents" as everything', async () => {
    const result = await decoded(syncFunction({ df_min_incident_id: 0, df_max_incident_id: 0 }));
    expect(result).toMatchObject({ kind: 'sync', request: { minIncidentId: 0 } });
    expect(result).not.toHaveProperty('request.maxIncidentId');
  });

  it.each([
    ['not JSON', '{"object_type":', 'message-not-json'],
    ['empty', '', 'message-not-json'],
    ['a list', '[1]', 'message-not-an-object'],
    ['null', 'null', 'message-not-an-object'],
    ['a text', '"text"', 'message-not-an-object'],
    ['without object_type', { ...action(0), object_type: null }, 'message-without-object-type'],
    ['an object_type that is text', { ...action(0), object_type: 'incident' }, 'message-without-object-type'],
    ['of an unknown type', action(4711), 'message-of-unknown-type'],
    ['without the object', action(2), 'message-without-object'],
    ['with an object that has no id', action(2, { note: { text: 'x' } }), 'message-without-object'],
    ['without the row', action(1001), 'message-without-object'],
    ['without any incident id', action(3, { incident: null, milestone: { id: 31 } }), 'message-without-incident'],
    ['a range from above', syncFunction({ df_min_incident_id: 9, df_max_incident_id: 8 }), 'sync-range-reversed'],
    ['a negative id', syncFunction({ df_min_incident_id: -1 }), 'sync-input-invalid'],
    ['an id that is text', syncFunction({ df_min_incident_id: '2001' }), 'sync-input-invalid'],
  ])('refuses a message that is %s', async (_, body, code) => {
    const failure = await decoded(body).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DecodeError);
    expect(failure).toMatchObject({ code });
  });

  it('reads the types again when a message knows a type or a field that they do not', async () => {
    let known: readonly TypeDescription[] = types.filter(({ type_name }) => type_name !== 'test_dt');
    let readings = 0;
    const time = fakeClock();
    const own = { catalog: catalogOf(time, async () => ((readings += 1), known)), events, now: () => time.now() };
    const row = action(1001, { row: { id: 27 } });
    await expect(decodeMessage(incoming(row), own)).rejects.toMatchObject({ code: 'message-of-unknown-type' });
    expect(readings).toBe(2);
    known = types;
    await time.advance(30_000);
    expect(await decodeMessage(incoming(row), own)).toMatchObject({ kind: 'event' });
    expect(readings).toBe(3);
    const type_info = {
      task: { type_id: 1, fields: { status: { id: 90, values: {} }, added_today: { id: 99, values: {} } } },
    };
    await time.advance(30_000);
    expect(await decodeMessage(incoming(action(1, { task: { id: 3 }, type_info })), own)).toMatchObject({
      kind: 'event',
    });
    expect(readings).toBe(4);
  });
});
