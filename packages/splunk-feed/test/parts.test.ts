import { describe, expect, it } from '@jest/globals';
import { validateSection } from '@soar-feed/core';
import { anArtifact, anAttachment, anIncident, aNote, aTask, fakeClock } from '@soar-feed/feed-testkit';
import { Acks } from '../src/Acks.js';
import { eventTimeMs } from '../src/eventTime.js';
import { hecFailure } from '../src/hecFailure.js';
import { splunkFeedConfig } from '../src/index.js';

const T = 1_700_000_000_000;

describe('the time of an event', () => {
  it('is that of the object’s change, else when the change was seen', () => {
    expect(eventTimeMs(anIncident({ payload: { inc_last_modified_date: T - 1, create_date: T - 9 } }))).toBe(T - 1);
    expect(eventTimeMs(anIncident({ payload: { create_date: T - 9 } }))).toBe(T - 9);
    expect(eventTimeMs(aNote({ payload: { modify_date: T - 2 } }))).toBe(T - 2);
    expect(eventTimeMs(anArtifact({ payload: { last_modified_time: T - 3 } }))).toBe(T - 3);
    expect(eventTimeMs(anAttachment({ payload: { created: T - 4 } }))).toBe(T - 4);
    expect(eventTimeMs(aTask({ observedAtMs: T - 5 }))).toBe(T - 5);
  });

  it.each([0, -1, 1e15, '2023', null, Number.NaN])('is not %p, whatever the object says', (inc_last_modified_date) => {
    expect(eventTimeMs(anIncident({ payload: { inc_last_modified_date } }))).toBe(T);
  });
});

describe('what an answer means', () => {
  it.each([
    [{ status: 403, code: 1 }, 'unavailable'],
    [{ status: 400, code: 7 }, 'unavailable'],
    [{ status: 400, code: 14 }, 'unavailable'],
    [{ status: 500, code: 8 }, 'retryable'],
    [{ status: 503, code: 19 }, 'retryable'],
    [{ status: 429 }, 'retryable'],
    [{ status: 500 }, 'retryable'],
    [{ status: 503 }, 'unavailable'],
    [{ status: 404 }, 'unavailable'],
    [{ status: 200 }, 'unavailable'],
  ])('%j: %s', (answer, kind) => {
    expect(hecFailure({ headers: {}, ...answer }, 'The collector')).toMatchObject({ kind });
  });

  it('passes on how long to wait', () => {
    const busy = hecFailure({ status: 503, code: 9, headers: { 'retry-after': '7' } }, 'The collector');
    expect(busy).toMatchObject({ retryAfterMs: 7_000 });
  });
});

describe('waiting for acknowledgements', () => {
  const make = (ask: (ids: readonly number[]) => ReadonlySet<number>) => {
    const clock = fakeClock();
    const asked: number[] = [];
    const acks = new Acks({
      ...{ clock, timeoutMs: 10_000, place: 'The collector' },
      ask: async (ids) => {
        asked.push(clock.now());
        return ask(ids);
      },
    });
    return { acks, clock, asked };
  };
  const fateOf = (wait: Promise<void>): Promise<string> =>
    wait.then(
      () => 'here',
      (error: unknown) => (error as { code: string }).code,
    );

  it('asks at growing distances, gives up in time, and takes "false" for nothing', async () => {
    const { acks, clock, asked } = make((ids) => new Set(ids.filter((id) => id === 1)));
    const [never, soon] = [fateOf(acks.wait(0)), fateOf(acks.wait(1))];
    await clock.advance(100);
    expect(await soon).toBe('here');
    await clock.advance(30_000);
    expect(await never).toBe('splunk-ack-timeout');
    const distances = asked.slice(1).map((at, which) => at - (asked[which] ?? 0));
    expect(distances).toEqual([...distances].sort((a, b) => a - b));
    expect(asked.length).toBeLessThan(20);
    await acks.settled();
  });

  it('bears two questions without an answer, and gives up after three', async () => {
    let failures = 2;
    const { acks, clock } = make((ids) => {
      failures -= 1;
      if (failures >= 0) throw new Error('no answer');
      return new Set(ids);
    });
    const first = fateOf(acks.wait(0));
    await clock.advance(5_000);
    expect(await first).toBe('here');
    failures = 9;
    const second = fateOf(acks.wait(1));
    await clock.advance(5_000);
    expect(await second).toBe('splunk-ack-lost');
  });

  it('an id that comes again is one of a restarted server', async () => {
    const { acks, clock } = make((ids) => new Set(ids));
    const [old, fresh] = [fateOf(acks.wait(3)), fateOf(acks.wait(3))];
    await clock.advance(1_000);
    expect(await old).toBe('splunk-ack-lost');
    expect(await fresh).toBe('here');
    await acks.close();
  });
});

describe('the section of a Splunk feed', () => {
  const validate = (values: Readonly<Record<string, string>>) => {
    const raw = new Map(Object.entries(values).map(([key, text]) => [key, { text }]));
    return validateSection('splunk', raw, splunkFeedConfig);
  };

  it('takes IBM’s section as it stands; without a port, IBM’s address is "host:None"', () => {
    const ibm = {
      ...{
        token: 't',
        host: 'splunk.example.com',
        index: 'main',
        use_ssl: 'true',
        event_host: 'h',
        event_source: 'resilient',
      },
      ...{ event_source_type: '_json', user: 'u', password: 'p', https_proxy: 'http://proxy:3128' },
    };
    expect(validate(ibm)).toMatchObject({ ok: true, warnings: [], value: { port: 8088, use_ssl: true } });
  });

  it('says all that is wrong in one report, without a secret', () => {
    const { issues } = validate({
      host: 'https://splunk',
      port: 'x',
      ack: 'maybe',
      client_auth_cert: 'a',
      password: 'hunter2',
    });
    const keys = issues.map(({ key }) => key).sort();
    expect(keys).toEqual(['ack', 'client_auth_key', 'host', 'port', 'token']);
    expect(JSON.stringify(issues)).not.toContain('hunter2');
  });
});
