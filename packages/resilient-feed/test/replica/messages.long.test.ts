import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { FeedHost } from '@soar-feed/core/runtime';
import { runWorkload, seedIncidents } from '@soar-feed/soar-simulator';
import { caughtUp, compared, IDENTICAL, metric, replicaBench, sendRaw, until } from './replicaBench.js';
import type { ReplicaBench, ReplicaBenchOptions } from './replicaBench.js';

jest.setTimeout(60_000);

let bench: ReplicaBench | undefined;

afterEach(async () => {
  await bench?.stop();
  bench = undefined;
});

async function running(options: ReplicaBenchOptions = {}): Promise<{ readonly host: FeedHost } & ReplicaBench> {
  const made = await replicaBench(options);
  bench = made;
  const host = await made.makeHost();
  await host.start();
  return { ...made, host };
}

const when = 1_700_000_000_000;
const queue = 'feed_data';
const completed = { message_type: 0, message: 'Completed', complete: true };

/** Nothing that came before holds up what comes now. */
async function goesOn(now: ReplicaBench & { readonly host: FeedHost }): Promise<void> {
  const { source, target, host } = now;
  const before = target.incidentIds().length;
  source.createIncident({ name: 'The rest goes on', discovered_date: when });
  await caughtUp(now, host);
  expect(target.incidentIds()).toHaveLength(before + 1);
}

describe('messages nobody can understand', () => {
  it('are parked as they came, answered as errors, counted and logged, and the rest goes on', async () => {
    const now = await running();
    const { source, host, log } = now;
    const incident = source.createIncident({ name: 'Known', discovered_date: when });
    const about = (object_type: unknown, more = {}) => ({
      object_type,
      operation_type: 'modified',
      incident,
      type_info: {},
      ...more,
    });
    const bad: readonly [body: unknown, code: string][] = [
      ['<html>no JSON</html>', 'message-not-json'],
      ['[1, 2]', 'message-not-an-object'],
      [about(4711), 'message-of-unknown-type'],
      [about(undefined), 'message-without-object-type'],
      [about(2), 'message-without-object'],
      [about(3, { incident: null, milestone: { id: 9 } }), 'message-without-incident'],
    ];
    for (const [body, code] of bad) {
      expect(await sendRaw(now, body)).toMatchObject({ message_type: 1, complete: true });
      expect(log.lines).toContainEqual(
        expect.objectContaining({ level: 'warn', fields: expect.objectContaining({ event: 'parked.raw', code }) }),
      );
    }
    expect(host.status().queue.counts.undecodable).toBe(bad.length);
    expect(await metric(now, 'soar_feed_messages_total', { queue, result: 'undecodable' })).toBe(bad.length);
    await goesOn(now);
    expect(compared(now)).toEqual(IDENTICAL);
  });

  it('that are understood and mean nothing here are answered and counted', async () => {
    const now = await running();
    expect(await sendRaw(now, 'x', { Co3MessagePayload: 'ConnectorSubscriptionUpdateDTO' })).toMatchObject({
      message_type: 0,
      complete: true,
    });
    expect(await sendRaw(now, { object_type: 13, emailmessage: { id: 1 }, incident: null })).toMatchObject({
      message_type: 0,
    });
    expect(await sendRaw(now, { function: { name: 'fn_other' }, inputs: {} })).toMatchObject({ message_type: 0 });
    expect(now.host.status().queue.counts.ignored).toBe(3);
    expect(await metric(now, 'soar_feed_messages_total', { queue, result: 'ignored' })).toBe(3);
    await goesOn(now);
  });
});

describe('messages without operation_type', () => {
  it('mean what the object at the source says: it stands and is written as it is now, or is gone and is deleted', async () => {
    const now = await running();
    const { source, target, host } = now;
    const kept = source.createIncident({ name: 'Kept', discovered_date: when });
    const gone = source.createIncident({ name: 'Gone', discovered_date: when });
    await caughtUp(now, host);
    source.setRules(false);
    source.updateIncident(kept.id, { name: 'Kept and renamed' });
    source.deleteIncident(gone.id);
    expect(target.incidentIds()).toHaveLength(2);
    const about = (incident: unknown) => ({ object_type: 0, operation_type: null, incident, type_info: {} });
    expect(await sendRaw(now, about(kept))).toEqual(completed);
    expect(await sendRaw(now, about(gone))).toEqual(completed);
    expect(target.incidents().map(({ name }) => name)).toEqual(['Kept and renamed']);
    expect(now.log.of('warn')).toContainEqual(expect.stringContaining('no operation_type'));
    expect(compared(now)).toEqual(IDENTICAL);
  });

  it('wait out a source that answers 500 or a web page', async () => {
    const now = await running();
    const { source, simulator } = now;
    const incident = source.createIncident({ name: 'Before', discovered_date: when });
    source.setRules(false);
    source.updateIncident(incident.id, { name: 'After' });
    const path = `/incidents/${incident.id}`;
    simulator.faults.add({ org: source.id, method: 'GET', path, status: 500, times: 1 });
    simulator.faults.add({ org: source.id, method: 'GET', path, status: 200, body: '<html>Log in</html>', times: 1 });
    expect(await sendRaw(now, { object_type: 0, incident, type_info: {} })).toEqual(completed);
    expect(compared(now)).toEqual(IDENTICAL);
    expect(now.log.of('warn')).toContainEqual(expect.stringContaining('asked again'));
  });
});

describe('messages about an incident that no longer exists', () => {
  it('leave nothing behind when its whole life stands in the queue', async () => {
    const made = await replicaBench();
    bench = made;
    const { source, target } = made;
    const { id } = source.createIncident({ name: 'Short life', discovered_date: when });
    const task = source.createTask(id, { name: 'Look' });
    source.addNote({ taskId: task.id }, 'seen');
    source.addArtifact(id, { type: 'IP Address', value: '192.0.2.7' });
    source.addAttachment({ incidentId: id }, { name: 'a.txt', content: Buffer.from('abc') });
    source.deleteIncident(id);
    const host = await made.makeHost();
    await host.start();
    await caughtUp(made, host);
    expect(target.incidentIds()).toEqual([]);
    expect(host.status().feeds[0]?.parked).toEqual({ waiting: 0, deferred: 0, failed: 0, undecided: 0, resync: 0 });
    await goesOn({ ...made, host });
  });

  it('are skipped with a line when neither side knows the incident', async () => {
    const now = await running();
    const { host, target, log } = now;
    const note = { id: 900_001, type: 'incident', inc_id: 4_000_000, text: 'orphan', parent_id: null };
    const answer = await sendRaw(now, {
      object_type: 2,
      operation_type: 'created',
      incident: { id: 4_000_000 },
      note,
      type_info: {},
    });
    expect(answer).toMatchObject({ message_type: 0, message: expect.stringContaining('waiting for incident 4000000') });
    await until(
      'the note is given up',
      () => host.status().feeds[0]?.counts.skipped === 1,
      20_000,
      () => host.status(),
    );
    expect(log.of('info')).toContainEqual(expect.stringContaining('gone at the source'));
    expect(host.status().feeds[0]).toMatchObject({ parked: { waiting: 0 } });
    expect(target.incidentIds()).toEqual([]);
    await goesOn(now);
  });
});

describe('unusual messages', () => {
  it('of a megabyte arrive whole', async () => {
    const now = await running();
    const { source, host } = now;
    const { id } = source.createIncident({ name: 'Large', discovered_date: when });
    source.addNote({ incidentId: id }, '<p>Zeile — 行 🙂</p>'.repeat(50_000));
    await caughtUp(now, host);
    expect(source.notes({ incidentId: id })[0]?.text).toHaveProperty('length', 900_000 + 50_000);
    expect(compared(now)).toEqual(IDENTICAL);
    expect(host.status().queue.counts.undecodable).toBe(0);
  });

  it.each([
    ['escaped', 'utf-8'],
    ['raw', 'utf-8'],
    ['raw', 'cesu-8'],
  ] as const)('with half characters are written, %s in %s', async (loneSurrogates, bodyEncoding) => {
    const now = await running({ simulator: { bodyEncoding, behaviour: { loneSurrogates } } });
    const { source, target, host } = now;
    const { id } = source.createIncident({ name: 'cut \ud83d here, whole 🙂', discovered_date: when });
    source.addNote({ incidentId: id }, 'cut \ude00');
    await caughtUp(now, host);
    expect(target.incidents()[0]?.name).toMatch(/^cut .+ here, whole 🙂$/u);
    expect(host.status()).toMatchObject({
      queue: { counts: { undecodable: 0 } },
      feeds: [{ parked: { failed: 0, waiting: 0 } }],
    });
    await goesOn(now);
    await host.reload(host.wholeRange());
    expect(compared(now)).toMatchObject({ missing: [], doubled: [] });
  });

  it.each(['null', 'missing', 'modified'] as const)(
    'of the menu rule write the incident, with operation_type %s',
    async (menuRuleOperation) => {
      const now = await running({ simulator: { behaviour: { menuRuleStarts: 'message', menuRuleOperation } } });
      const { source, target } = now;
      source.setRules(false);
      const { id } = source.createIncident({ name: 'By hand', discovered_date: when });
      const inputs = { data_feeder_minimum_incident_id: id, query_api_method: false };
      const invocation = await source.invokeMenuRule('Data Feeder: Sync Incidents', id, inputs).done;
      expect(invocation).toMatchObject({ kind: 'menu-rule', status: 'completed' });
      expect(target.incidents().map(({ name }) => name)).toEqual(['By hand']);
    },
  );
});

describe('the function "Sync Incidents"', () => {
  it('loads the range and answers as the workflow of IBM reads it', async () => {
    const now = await running();
    const { source, target, host } = now;
    seedIncidents(source, { incidents: 6, seed: 4 });
    const ids = source.incidentIds();
    // A gap in the range: the number is that of the incidents sent.
    source.setRules(false);
    source.deleteIncident(ids[2] as number);
    const inputs = {
      df_min_incident_id: ids[1] as number,
      df_max_incident_id: ids[4] as number,
      df_query_api_method: false,
    };
    const invocation = await source.invokeFunction('data_feeder_sync_incidents', inputs).done;
    expect(invocation).toMatchObject({
      status: 'completed',
      results: {
        version: '1.0',
        success: true,
        reason: null,
        inputs,
        content: { num_of_sync_incidents: 3 },
        raw: '{"num_of_sync_incidents":3}',
      },
    });
    expect(invocation.messages.map(({ text, complete }) => ({ text, complete }))).toEqual([
      { text: 'starting...', complete: false },
      { text: 'done...', complete: false },
      { text: 'Completed', complete: true },
    ]);
    expect(target.incidentIds()).toHaveLength(3);

    const all = await source.invokeFunction('data_feeder_sync_incidents', {
      df_min_incident_id: 0,
      df_max_incident_id: 0,
      df_query_api_method: true,
    }).done;
    expect(all).toMatchObject({ status: 'completed', results: { content: { num_of_sync_incidents: 5 } } });
    await caughtUp(now, host);
    expect(compared(now)).toEqual(IDENTICAL);
  });

  it('answers a range from above with the error', async () => {
    const { source, log, host } = await running();
    const inputs = { df_min_incident_id: 2_010, df_max_incident_id: 2_001, df_query_api_method: false };
    const invocation = await source.invokeFunction('data_feeder_sync_incidents', inputs).done;
    expect(invocation).toMatchObject({
      status: 'error',
      messages: [{ type: 1, text: 'Min value 2010 is greater than max value 2001.', complete: true }],
    });
    expect(log.lines).toContainEqual(
      expect.objectContaining({ fields: expect.objectContaining({ code: 'sync-range-reversed' }) }),
    );
    expect(host.status().queue.counts.undecodable).toBe(1);
  });
});

describe('a broker in trouble', () => {
  it('that restarts, cuts its connections and delivers twice in the middle of the work costs and doubles nothing', async () => {
    const now = await running();
    const { source, simulator, host, log } = now;
    seedIncidents(source, { incidents: 5, seed: 9 });
    await host.reload(host.wholeRange());
    simulator.broker.duplicateNext(40);
    const work = runWorkload(source, { operations: 240, seed: 21, perSecond: 80 });
    const received = () => host.status().queue.counts.received;
    await until('the first messages came', () => received() > 20);
    simulator.broker.dropConnections();
    await until(
      'the queue is back',
      () => received() > 90,
      20_000,
      () => host.status(),
    );
    simulator.broker.duplicateNext(20);
    await simulator.broker.restart(300);
    await work;
    await caughtUp(now, host);
    expect(compared(now)).toEqual(IDENTICAL);
    expect(host.status()).toMatchObject({
      queue: { state: 'connected', inFlight: 0, counts: { undecodable: 0 } },
      feeds: [{ state: 'up', queued: 0, parked: { waiting: 0, deferred: 0, failed: 0 } }],
    });
    expect(log.lines.filter(({ fields }) => fields.event === 'queue.down').length).toBeGreaterThanOrEqual(2);
    expect(await metric(now, 'soar_feed_messages_total', { queue, result: 'repeated' })).toBeGreaterThanOrEqual(40);
    expect(await metric(now, 'soar_feed_queue_connected', { queue })).toBe(1);
    expect(source.dump().incidents.length).toBeGreaterThan(5);
    const pending = simulator
      .org(source.id)
      .invocations()
      .filter(({ status }) => status === 'pending');
    expect(pending).toEqual([]);
  });
});
