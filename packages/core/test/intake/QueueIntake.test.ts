import { describe, expect, it } from '@jest/globals';
import { fakeClock } from '@soar-feed/feed-testkit';
import { RetryableError, StoppingError } from '../../src/contract/errors.js';
import { AckLedger } from '../../src/intake/queue/AckLedger.js';
import { settle } from '../delivery/feedBench.js';
import { completed, gate, makeIntake, task } from './intakeBench.js';
import { action, received, syncFunction, types } from './messages.js';

describe('QueueIntake', () => {
  it('answers and acknowledges once the feeds have settled, the answer first', async () => {
    const { intake, target } = await makeIntake();
    const { opened, open } = gate();
    target.answer = async () => (await opened, { status: 'delivered', change: 'created' });
    const message = received(task(7), 'm1');
    const taken = intake.take(message);
    await settle();
    expect(target.seen).toEqual(['4517/task/7']);
    expect(message.told).toEqual([]);
    expect(intake.inFlight).toBe(1);
    open();
    await taken;
    expect(message.told).toEqual([completed, 'ack']);
    expect(intake.counts).toEqual({ received: 1, acknowledged: 1, ignored: 0, undecodable: 0 });
    expect(intake.inFlight).toBe(0);
  });

  it('acknowledges every copy of a message that comes again while it is under way, and works once', async () => {
    const { intake, target, metrics } = await makeIntake();
    const { opened, open } = gate();
    target.answer = async () => (await opened, { status: 'delivered', change: 'created' });
    const copies = [received(task(7), 'm1'), received(task(7), 'm1')] as const;
    const taken = intake.take(copies[0]);
    await settle();
    await intake.take(copies[1]);
    open();
    await taken;
    expect(copies.map((copy) => copy.told)).toEqual([['ack'], [completed, 'ack']]);
    expect(target.seen).toEqual(['4517/task/7']);
    expect(await metrics.text()).toContain('soar_feed_messages_total{queue="feed_data",result="repeated"} 1');
  });

  it('only answers and acknowledges what comes again after it has settled', async () => {
    const { intake, target } = await makeIntake();
    const copies = [received(task(7), 'm1'), received(task(7), 'm1')] as const;
    for (const copy of copies) await intake.take(copy);
    expect(copies.map((copy) => copy.told)).toEqual([
      [completed, 'ack'],
      [completed, 'ack'],
    ]);
    expect(target.seen).toEqual(['4517/task/7']);

    const unclear = [received('no JSON', 'm2'), received('no JSON', 'm2')] as const;
    for (const copy of unclear) await intake.take(copy);
    expect(unclear[1].told).toEqual([{ type: 1, message: expect.stringContaining('not JSON'), complete: true }, 'ack']);
    expect(unclear[1].told).toEqual(unclear[0].told);
    expect(intake.counts).toEqual({ received: 4, acknowledged: 4, ignored: 0, undecodable: 1 });
  });

  it('keeps the order of messages while one waits for the types', async () => {
    const { opened, open } = gate();
    const { intake, target } = await makeIntake({ load: async () => (await opened, types) });
    const taken = [7, 8, 9].map((id) => intake.take(received(task(id), `m${id}`)));
    await settle();
    expect(target.seen).toEqual([]);
    open();
    await Promise.all(taken);
    expect(target.seen).toEqual(['4517/task/7', '4517/task/8', '4517/task/9']);
  });

  it('does not acknowledge what the feed refuses, since the host stops', async () => {
    const { intake, feed, log } = await makeIntake();
    await feed.stop(0);
    const message = received(task(7), 'm1');
    await intake.take(message);
    expect(message.told).toEqual([]);
    expect(intake.counts).toMatchObject({ received: 1, acknowledged: 0 });
    expect(intake.inFlight).toBe(0);
    expect(log.of('debug')).toContainEqual(expect.stringContaining('will come again'));
    expect(log.of('error')).toEqual([]);
  });

  it('says what was parked, and as an error what failed', async () => {
    const { intake, target } = await makeIntake();
    target.answer = ({ key }) =>
      key.objectId === 7
        ? new TypeError('cannot read x')
        : { status: 'waiting', on: { ...key, type: 'task', objectId: 1 } };
    const [failed, waiting] = [received(task(7), 'm1'), received(task(8), 'm2')];
    await Promise.all([intake.take(failed), intake.take(waiting)]);
    expect(failed.told).toEqual([
      { type: 1, message: 'test_feed parked: programming-error: cannot read x', complete: true },
      'ack',
    ]);
    expect(waiting.told).toEqual([{ type: 0, message: 'test_feed parked: waiting for task 1', complete: true }, 'ack']);
  });

  it.each([
    ['not JSON', '{"a":', 'message-not-json'],
    ['no object', '[]', 'message-not-an-object'],
    ['of an unknown type', JSON.stringify(action(4711)), 'message-of-unknown-type'],
  ])('parks a message that is %s as it came, says so, and goes on', async (_, body, code) => {
    const { intake, target, store, metrics, log } = await makeIntake();
    const [bad, good] = [received(body, 'bad'), received(task(7), 'good')];
    await Promise.all([intake.take(bad), intake.take(good)]);
    expect(bad.told).toEqual([expect.objectContaining({ type: 1, complete: true }), 'ack']);
    expect(good.told).toEqual([completed, 'ack']);
    expect(target.seen).toEqual(['4517/task/7']);
    const raws = [];
    for await (const raw of store.parked.listRaw()) raws.push(raw);
    expect(raws).toMatchObject([
      { code, message: { messageId: 'bad', queue: 'feed_data', body, headers: bad.headers } },
    ]);
    expect(log.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', fields: { event: 'parked.raw', code, messageId: 'bad' } }),
    );
    expect(intake.counts.undecodable).toBe(1);
    expect(await metrics.text()).toContain('soar_feed_messages_total{queue="feed_data",result="undecodable"} 1');
  });

  it('answers what it ignores', async () => {
    const { intake, target, log } = await makeIntake();
    const message = received('', 'm1', { Co3MessagePayload: 'ConnectorSubscriptionUpdateDTO' });
    await intake.take(message);
    expect(message.told).toEqual([{ type: 0, message: expect.stringContaining('Ignored'), complete: true }, 'ack']);
    expect(target.seen).toEqual([]);
    expect(intake.counts.ignored).toBe(1);
    expect(log.of('info')).toContainEqual(expect.stringContaining('ignored'));
  });

  it('asks the source what a message without operation_type means', async () => {
    const { intake, target, source } = await makeIntake();
    source.reread = async (event) =>
      event.key.objectId === 7 ? { ...event, payload: { ...event.payload, name: 'now' } } : undefined;
    const open = received({ ...task(7), operation_type: null }, 'm1');
    const gone = received({ ...task(8), operation_type: null }, 'm2');
    const payloads: unknown[] = [];
    target.answer = ({ payload }) => (payloads.push(payload), { status: 'delivered', change: 'updated' });
    await Promise.all([intake.take(open), intake.take(gone)]);
    expect(target.seen).toEqual(['4517/task/7', 'delete 4517/task/8']);
    expect(payloads).toEqual([
      { id: 7, inc_id: 4517, name: 'now' },
      { id: 8, inc_id: 4517 },
    ]);
    expect([open.told, gone.told]).toEqual([
      [completed, 'ack'],
      [completed, 'ack'],
    ]);
  });

  it('asks again while the source is in trouble, and keeps the message when that lasts', async () => {
    const { intake, target, source, store, clock, log } = await makeIntake();
    let asked = 0;
    source.reread = async (event) => {
      asked += 1;
      if (asked === 2) return event;
      throw new RetryableError('the source answers 500', { code: 'server-error' });
    };
    const passing = received({ ...task(7), operation_type: null }, 'm1');
    const first = intake.take(passing);
    await clock.advance(30_000);
    await first;
    expect(passing.told).toEqual([completed, 'ack']);
    expect(log.of('warn')).toContainEqual(expect.stringContaining('asked again'));

    const lasting = received({ ...task(8), operation_type: null }, 'm2');
    const behind = received(task(9), 'm3');
    const both = [intake.take(lasting), intake.take(behind)];
    await clock.advance(120_000);
    await Promise.all(both);
    expect(lasting.told).toEqual([
      { type: 1, message: expect.stringContaining('the source answers 500'), complete: true },
      'ack',
    ]);
    expect(behind.told).toEqual([completed, 'ack']);
    expect(target.seen).toEqual(['4517/task/7', '4517/task/9']);
    const raws = [];
    for await (const raw of store.parked.listRaw()) raws.push(raw);
    expect(raws).toMatchObject([{ code: 'server-error', message: { messageId: 'm2' } }]);
  });

  it('lets go of a message that waits for the source when the host stops', async () => {
    const { intake, source, stopping, log } = await makeIntake();
    source.reread = async () => {
      throw new RetryableError('the source answers 500', { code: 'server-error' });
    };
    const message = received({ ...task(7), operation_type: null }, 'm1');
    const taken = intake.take(message);
    await settle();
    expect(intake.inFlight).toBe(1);
    expect(log.of('warn')).toContainEqual(expect.stringContaining('could not be asked about a message'));
    stopping.abort();
    await taken;
    expect(log.of('debug')).toContainEqual(expect.stringContaining('will come again'));
    expect(intake.counts).toMatchObject({ received: 1, acknowledged: 0, undecodable: 0 });
    expect(message.told).toEqual([]);
    expect(intake.inFlight).toBe(0);
  });

  it('hands over a range to be loaded while other messages go on, and tells how it goes', async () => {
    const { opened, open } = gate();
    const asked: unknown[] = [];
    const { intake, target } = await makeIntake({
      sync: async (request, progress) => {
        asked.push(request);
        progress('starting...');
        await opened;
        return { type: 0, message: 'Completed', complete: true, results: { version: '1.0' } };
      },
    });
    const call = received(syncFunction({ df_min_incident_id: 1, df_max_incident_id: 9 }), 'm1');
    const running = intake.take(call);
    await intake.take(received(task(7), 'm2'));
    expect(target.seen).toEqual(['4517/task/7']);
    expect(call.told).toEqual([{ type: 0, message: 'starting...', complete: false }]);
    open();
    await running;
    expect(call.told.slice(1)).toEqual([{ ...completed, results: { version: '1.0' } }, 'ack']);
    expect(asked).toMatchObject([{ minIncidentId: 1, maxIncidentId: 9, method: 'search' }]);
  });

  it('leaves a range unanswered that the stop cut short', async () => {
    let asked = 0;
    const { intake, log } = await makeIntake({
      sync: async (_, progress) => {
        asked += 1;
        progress('starting...');
        throw new StoppingError();
      },
    });
    const call = received(syncFunction({ df_min_incident_id: 1 }), 'm1');
    await intake.take(call);
    expect(asked).toBe(1);
    expect(call.told).toEqual([{ type: 0, message: 'starting...', complete: false }]);
    expect(log.of('debug')).toContainEqual(expect.stringContaining('will come again'));
    expect(intake.counts).toMatchObject({ received: 1, acknowledged: 0 });
  });
});

describe('AckLedger', () => {
  const reply = (message: string) => ({ type: 0, message, complete: true }) as const;

  it('remembers an answer for an hour', async () => {
    const clock = fakeClock();
    const ledger = new AckLedger(clock);
    ledger.remember('a', reply('one'));
    await clock.advance(60 * 60_000);
    expect(ledger.answerTo('a')).toEqual(reply('one'));
    await clock.advance(1);
    expect(ledger.answerTo('a')).toBeUndefined();
    expect(ledger.answerTo('b')).toBeUndefined();
  });

  it('remembers a thousand, and forgets the oldest', () => {
    const ledger = new AckLedger(fakeClock());
    for (let id = 0; id <= 1_000; id += 1) ledger.remember(String(id), reply(String(id)));
    expect(ledger.answerTo('0')).toBeUndefined();
    expect(ledger.answerTo('1')).toEqual(reply('1'));
    expect(ledger.answerTo('1000')).toEqual(reply('1000'));
  });
});
