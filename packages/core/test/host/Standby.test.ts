import { describe, expect, it } from '@jest/globals';
import { fakeClock, recordingLogger } from '@soar-feed/feed-testkit';
import type { Feed } from '../../src/delivery/Feed.js';
import { Standby } from '../../src/host/Standby.js';
import { startFeeds } from '../../src/host/startFeeds.js';
import { ConfigError, StoppingError, StoreError, UnavailableError } from '../../src/index.js';

const held = (pid = 1, ago = 3) =>
  new StoreError(`db is in use by process ${pid} on other (seen ${ago} s ago)`, {
    code: 'store-held',
    details: { database: 'db', host: 'other', pid, since: 'then' },
  });
const away = () => new StoreError('db cannot be reached', { code: 'store-unreachable' });

function bench() {
  const clock = fakeClock();
  const log = recordingLogger();
  const stop = new AbortController();
  const heard: (string | undefined)[] = [];
  const standby = new Standby({ clock, log, signal: stop.signal, onWaiting: (holder) => heard.push(holder) });
  /** Fails with these, then succeeds. */
  const after = (...failures: readonly Error[]) => {
    let tries = 0;
    return {
      take: async () => {
        const failure = failures[tries];
        tries += 1;
        if (failure !== undefined) throw failure;
      },
      tries: () => tries,
    };
  };
  const said = () => log.lines.map(({ level, fields }) => `${level} ${String(fields['event'])}`);
  return { clock, log, stop, heard, standby, after, said };
}

const WHO = 'process 1 on other has db since then';

describe('a standby', () => {
  it('takes at once what nobody holds, and says nothing', async () => {
    const { standby, after, said, heard } = bench();
    expect(await standby.until(after().take)).toBe(false);
    expect([said(), heard, standby.holder]).toEqual([[], [], undefined]);
  });

  it('looks every 1.5 s, says once for whom it waits, however old the last sign is, and takes over', async () => {
    const { clock, log, heard, standby, after, said } = bench();
    const { take, tries } = after(held(1, 3), held(1, 5), held(1, 6));
    const waiting = standby.until(take);
    await clock.advance(1_499);
    expect([tries(), standby.holder]).toEqual([1, WHO]);
    expect(() => standby.refuseWork()).toThrow(expect.objectContaining({ code: 'host-standby' }));
    await clock.advance(3_001);
    expect(await waiting).toBe(true);
    expect([tries(), heard, standby.holder]).toEqual([4, [WHO, undefined], undefined]);
    expect(said()).toEqual(['info host.standby', 'info host.takeover']);
    expect(log.lines[0]).toMatchObject({ message: expect.stringContaining(WHO), fields: { pid: 1, host: 'other' } });
    standby.refuseWork();
  });

  it('names another holder', async () => {
    const { clock, heard, standby, after } = bench();
    const waiting = standby.until(after(held(1), held(2)).take);
    await clock.advance(3_000);
    await waiting;
    expect(heard).toEqual([WHO, WHO.replace('process 1', 'process 2'), undefined]);
  });

  it('knows the holder from an error of a target, too', async () => {
    const { clock, heard, standby, after } = bench();
    const { message, details } = held();
    const one = new UnavailableError(message, { code: 'store-held', details });
    const bare = new UnavailableError('in use', { code: 'store-held' });
    const waiting = standby.until(after(one, bare).take);
    await clock.advance(3_000);
    await waiting;
    expect(heard).toEqual([WHO, 'in use', undefined]);
  });

  it('waits for a database that restarts only while it waits already', async () => {
    const { clock, standby, after } = bench();
    const gone = away();
    await expect(standby.until(after(gone).take)).rejects.toBe(gone);
    const waiting = standby.until(after(held(), away(), away()).take);
    await clock.advance(4_500);
    expect(await waiting).toBe(true);
  });

  it('throws at once what no waiting mends', async () => {
    const { clock, standby, after } = bench();
    const refused = new StoreError('no', { code: 'store-login' });
    const waiting = standby.until(after(held(), refused).take).catch((error: unknown) => error);
    await clock.advance(1_500);
    expect(await waiting).toBe(refused);
  });

  it('ends at once when the host stops', async () => {
    const { clock, stop, standby, after } = bench();
    const waiting = standby.until(after(held()).take).catch((error: unknown) => error);
    await clock.advance(0);
    stop.abort();
    expect(await waiting).toBeInstanceOf(StoppingError);
    expect(clock.sleepers).toBe(0);
  });
});

describe('the feeds of a standby', () => {
  const feedOf = (name: string, start: Feed['start']) => ({ name, start }) as unknown as Feed;

  it('open one after the other by name, whatever the config says: two that wait never block each other', async () => {
    const leases = new Map<string, string>([['b', 'dying host']]);
    const order: string[] = [];
    const hostOf = (host: string, names: readonly string[]) => {
      const { clock, standby } = bench();
      const feeds = names.map((name) =>
        feedOf(name, async ({ refuse } = {}) => {
          const failure = held();
          if (leases.has(name) && refuse?.(failure) === true) throw failure;
          leases.set(name, host);
          order.push(`${host} ${name}`);
        }),
      );
      return { clock, done: startFeeds(feeds, 'app.config', standby) };
    };
    const one = hostOf('one', ['a', 'b', 'c']);
    const two = hostOf('two', ['c', 'b', 'a']);
    for (const { clock } of [one, two]) await clock.advance(10_000);
    expect(order).toEqual(['one a']);
    leases.delete('b');
    for (const { clock } of [two, one]) await clock.advance(1_500);
    await one.done;
    expect(order).toEqual(['one a', 'one b', 'one c']);
    for (const name of ['a', 'b', 'c']) leases.delete(name);
    await two.clock.advance(1_500);
    await two.done;
  });

  it('report together what is wrong with the file', async () => {
    const { standby } = bench();
    const wrong = (section: string) => new ConfigError([{ section, problem: 'is wrong' }]);
    const feeds = ['b', 'a'].map((name) => feedOf(name, () => Promise.reject(wrong(name))));
    await expect(startFeeds(feeds, 'app.config', standby)).rejects.toMatchObject({
      issues: [{ section: 'a' }, { section: 'b' }],
    });
  });
});
