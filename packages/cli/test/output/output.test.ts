import type { ParkReason } from '@soar-feed/core';
import { groupParked, groupsText } from '../../src/output/parkedGroups.js';
import type { ParkedGroup } from '../../src/output/parkedGroups.js';
import { wantsColour } from '../../src/loggerFor.js';
import { describe, expect, it } from '@jest/globals';
import { recordingLogger } from '@soar-feed/feed-testkit';
import { ConfigError, StoreError, TargetLoadError } from '@soar-feed/core';
import type { FeedReport, FeedStatus, ReloadReport } from '@soar-feed/core/runtime';
import { exitCodeOf, exitCodeOfCheck } from '../../src/exitCodeOf.js';
import { summarise, summaryText } from '../../src/output/reloadSummary.js';
import { progressText } from '../../src/output/progressText.js';
import { showReload } from '../../src/output/showReload.js';
import { statusText } from '../../src/output/statusText.js';
import { table } from '../../src/output/table.js';
import { Terminal } from '../../src/output/Terminal.js';

const recording = (isTTY: boolean) => {
  const written: string[] = [];
  return { written, terminal: new Terminal({ isTTY, columns: 20, write: (text) => written.push(text) }) };
};

describe('Terminal', () => {
  it('rewrites its last line in place, and other lines go above it', () => {
    const { written, terminal } = recording(true);
    terminal.status('Reload: 1');
    terminal.status('Reload: 1');
    terminal.writeLine('a log line');
    terminal.status('');
    terminal.writeLine('after');
    expect(written).toEqual(['\r\x1b[KReload: 1', '\r\x1b[Ka log line\nReload: 1', '\r\x1b[K', 'after\n']);
  });

  it('cuts a line that would wrap, since it could not be rewritten', () => {
    const { written, terminal } = recording(true);
    terminal.status('x'.repeat(50));
    expect(written).toEqual([`\r\x1b[K${'x'.repeat(19)}`]);
  });

  it('shows no such line where nobody looks', () => {
    const { written, terminal } = recording(false);
    terminal.status('Reload: 1');
    terminal.writeLine('a log line');
    expect(written).toEqual(['a log line\n']);
  });
});

describe('table', () => {
  it('makes columns as wide as they need to be, numbers to the right', () => {
    expect(
      table(
        ['feed', 'created'],
        [
          ['a_feed', 7],
          ['b', 1200],
        ],
        15,
      ),
    ).toBe('feed    created\na_feed        7\nb          1200\n');
  });

  it('comes as a block a row where it would not fit', () => {
    const rows = [['a_feed', 7, 8, 'x'.repeat(12)] as const, ['b', 1200, 9, '-'] as const];
    expect(table(['feed', 'created', 'failed', 'why'], rows, 26)).toBe(
      `a_feed\n  created 7, failed 8\n  why ${'x'.repeat(12)}\nb\n  created 1200, failed 9\n  why -\n`,
    );
  });
});

const NO_RATE = { last1m: 0, last5m: 0, last15m: 0 };
const NO_PACE = { lagSeconds: 0, arrivals: { changes: 0 }, perSecond: { received: NO_RATE, delivered: NO_RATE } };

describe('what people read of a state', () => {
  const longest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));
  const feed = (name: string): FeedReport => ({
    ...{ name, state: 'up', lagging: true, queued: 0, oldestUndeliveredMs: 3_600_000 },
    totals: { delivered: 1_234_567, skipped: 123_456, superseded: 123_456, parked: 0, dropped: 12 },
    parked: { waiting: 1_000, deferred: 20_000, failed: 12, undecided: 3, resync: 0 },
  });
  const status = (name: string) =>
    statusText({ running: false, store: {}, feeds: [feed(name), feed('b')], raw: 0 }, 0, 80);

  it('says of a standby whom it waits for, and nothing of a queue', () => {
    const standby = 'process 7 on other has PostgreSQL db/soar since 2026-01-01T00:00:00.000Z';
    const queue = {
      state: 'off',
      counts: { received: 0, acknowledged: 0, ignored: 0, undecodable: 0 },
      inFlight: 0,
    } as const;
    const process = { pid: 8, startedAtMs: 0 };
    const text = statusText({ running: true, process, standby, queue, store: {}, feeds: [], raw: 0 }, 60_000, 80);
    expect(text.split('\n').slice(0, 3)).toEqual(['Running: process 8, for 1 min.', `Standby: ${standby}.`, '']);
  });

  it('stays within 80 columns, whatever the names are', () => {
    expect(longest(status('siem'))).toBeLessThanOrEqual(80);
    expect(status('siem')).toMatch(/^siem +lagging +1 h +1234567 +123456 +123456 +12 +21000 +15$/m);
    expect(status('gated_feed')).toMatch(
      /^feed       state   lag delivered skipped superseded dropped parked failed$/m,
    );
    const running = {
      ...{ ...feed('siem'), causes: [{ state: 'failed', code: 'http-400', rows: 12, oldestAtMs: 0 }] as const },
      pace: {
        ...{ ...NO_PACE, arrivals: { changes: 9, p50Seconds: 0.04, p99Seconds: 1.23 } },
        perSecond: { received: NO_RATE, delivered: { ...NO_RATE, last1m: 48.26 } },
      },
    };
    const server = { server: 'soar.example.com:443', inFlight: 21, waiting: 3, latencyMs: 51.7, refusals: 0 };
    const servers = [
      { ...running, server: { ...server, limit: 23, mostLimit: 64 } },
      { ...running, server: { ...server, maxRequestsPerSecond: 5, refusals: 2 } },
    ];
    const shown = statusText({ running: true, store: {}, feeds: servers, raw: 0 }, 0, 110);
    expect(shown).toContain(
      'siem: soar.example.com:443 takes 23 requests at once (64 at most); 21 under way, 3 waiting, 52 ms each.\n',
    );
    expect(shown).toContain(
      'siem: soar.example.com:443 gets 5 requests a second at most; 21 under way, 3 waiting, 52 ms each, refused 2 times since the start.\n',
    );
    const report = { running: true, changeTime: 'received', store: {}, feeds: [running], raw: 0 } as const;
    const live = statusText(report, 0, 110);
    expect(live).toMatch(/^siem +lagging +1 h +1\.2 s +48\.3 +1234567 /m);
    expect(live).toContain('\nsiem: 12 failed [http-400]\n');
    expect(live).toContain('lag counts from when a change was received');
    const long = status('the_siem_of_the_north_region');
    expect(longest(long)).toBeLessThanOrEqual(80);
    expect(long).toMatch(/^the_siem_of_the_north_region\n {2}state lagging, lag 1 h, delivered 1234567,/m);
    const group: ParkedGroup = {
      ...{ feed: 'the_siem_of_the_north_region', state: 'failed', code: 'attachment-too-large-for-it', rows: 12 },
      ...{ waitingBehind: 3, oldest: { row: '201/2100/attachment/420', parkedAtMs: 0, why: 'no' } },
    };
    const list = groupsText([group], 60_000, 80);
    expect(longest(list)).toBeLessThanOrEqual(80);
    expect(list).toContain('  state failed, code attachment-too-large-for-it, rows 12, behind 3\n  oldest 1 min\n');
  });
});

describe('showReload', () => {
  const reload = { running: true, incidents: 12, objects: 310, ofIncidents: 240, faults: 0 };
  const shown = async (isTTY: boolean, lines: number): Promise<{ text: string; logged: readonly string[] }> => {
    let text = '';
    const log = recordingLogger();
    const terminal = new Terminal({ isTTY, columns: 80, write: (part) => (text += part) });
    let asked = 0;
    const end = showReload(() => Promise.resolve(((asked += 1), reload)), { terminal, log, everyMs: 1 });
    while (asked < lines) await new Promise((resolve) => setImmediate(resolve));
    end();
    return { text, logged: log.lines.map(({ message }) => message) };
  };

  it('tells on a terminal how many there are', async () => {
    const { text, logged } = await shown(true, 3);
    expect(text).toBe('\r\x1b[KReload: 12 of 240 incidents, 310 objects so far (0 s)\r\x1b[K');
    expect(logged).toEqual([]);
  });

  it('writes nothing where nobody looks', async () => {
    expect(await shown(false, 3)).toEqual({ text: '', logged: [] });
  });

  it('never tells fewer than there were, and no total where there is none', () => {
    expect(progressText({ ...reload, incidents: 241 })).toBe('241 of 241 incidents, 310 objects so far');
    expect(progressText({ ...reload, leftMs: 200_000 })).toBe(
      '12 of 240 incidents, 310 objects so far, about 3 min left',
    );
    const { ofIncidents: _, ...unknown } = reload;
    expect(progressText(unknown)).toBe('12 incidents, 310 objects so far');
  });
});

describe('exitCodeOf', () => {
  const soarError = (code: string) => Object.assign(new Error('x'), { code, outcomeUnknown: false });
  it.each([
    [new ConfigError([{ section: 'feeds', problem: 'x' }]), 3],
    [new TargetLoadError('x', { code: 'target-broken' }), 4],
    [new StoreError('x', { code: 'store-held' }), 40],
    [new StoreError('x', { code: 'store-login' }), 41],
    [new StoreError('x', { code: 'store-tls' }), 42],
    [soarError('connection-refused'), 20],
    [soarError('server-error'), 20],
    [soarError('unauthorized'), 21],
    [soarError('file-unreadable'), 22],
    [soarError('untrusted-certificate'), 23],
    [soarError('org-not-found'), 24],
    [soarError('queue-login-refused'), 31],
    [soarError('queue-not-authorized'), 32],
    [Object.assign(new Error('x'), { code: 'ENOENT' }), 1],
    ['thrown text', 1],
  ])('gives for %s the code %d', (error, code) => {
    expect(exitCodeOf(error)).toBe(code);
  });

  it.each([
    ['source', 'connection-refused', 20],
    ['queue', 'connection-refused', 30],
    ['queue', 'untrusted-certificate', 23],
    ['destination', 'queue-missing', 30],
    ['types', 'forbidden', 21],
    ['target', 'unauthorized', 60],
    ['state', 'store-unreadable', 40],
  ])('tells a fault of the %s with %s as %d', (subject, code, exit) => {
    expect(exitCodeOfCheck(subject, code)).toBe(exit);
  });
});

describe('summarise', () => {
  const tally = { created: 3, updated: 1, deleted: 0, unchanged: 2, skipped: 1, superseded: 1, parked: 2, failed: 0 };
  const report: ReloadReport = {
    ...{ incidents: 2, objects: 10, byType: { incident: 2, note: 8 }, feeds: { one: tally }, faults: [] },
    ...{ startedAtMs: 0, sourceStartedAtMs: 0, durationMs: 1500, interrupted: false },
  };
  const status = (parked: Partial<FeedStatus['parked']>, state: FeedStatus['state'] = 'up'): FeedStatus => ({
    ...{ name: 'one', state, counts: { delivered: 6, skipped: 1, superseded: 1, parked: 2, failed: 0 }, queued: 0 },
    lagging: false,
    parked: { waiting: 0, deferred: 0, failed: 0, undecided: 0, resync: 0, ...parked },
    pace: NO_PACE,
    ...(state === 'up' ? {} : { problem: 'nobody answers' }),
  });

  it('forgets what was parked and has been delivered meanwhile', () => {
    const summary = summarise(report, [status({})], ['note']);
    expect(summary).toMatchObject({ ok: true, feeds: { one: { parked: 0 } }, typesWithoutObjects: [] });
    expect(summaryText(summary, 80)).toMatch(/^one +3 +1 +2 +2 +0 +0$/m);
  });

  it('is incomplete while something stands parked, and says why', () => {
    const summary = summarise(report, [status({ deferred: 2 }, 'down')], ['note', 'artefact']);
    expect(summary).toMatchObject({ ok: false, typesWithoutObjects: ['artefact'] });
    const text = summaryText(summary, 80);
    expect(text).toContain('one is not up: nobody answers');
    expect(text).toContain('Nothing of type artefact');
    expect(text).toContain('incomplete');
  });

  it('is incomplete after a fault of the source, and when interrupted', () => {
    const faults = [{ incidentId: 7, message: 'GET /incidents/7 failed with 403' }];
    expect(summaryText(summarise({ ...report, faults }, [status({})], []), 80)).toContain(
      'incidents/7 failed with 403',
    );
    const interrupted = summarise({ ...report, interrupted: true }, [], []);
    expect(interrupted.ok).toBe(false);
    expect(summaryText(interrupted, 80)).toMatch(/^one +3 +1 +2 +2 +2 +0$/m);
  });
});

describe('groupParked', () => {
  it('names the oldest row of a cause, in whatever order the rows come, and counts what waits with its cause', async () => {
    const row = (objectId: number, parkedAtMs: number, why: ParkReason) =>
      ({
        ...{
          feed: 'f',
          operation: 'upsert' as const,
          workspace: '',
          observedAtMs: 0,
          revision: 1,
          place: objectId,
          why,
          parkedAtMs,
        },
        key: { orgId: 201, incidentId: 1, type: 'note', objectId },
      }) as const;
    const failed: ParkReason = { state: 'failed', code: 'no', message: 'm', attempts: 1 };
    const rows = [
      row(1, 300, failed),
      row(2, 100, failed),
      row(3, 200, failed),
      row(4, 50, { state: 'waiting', on: row(2, 0, failed).key }),
      row(5, 10, { state: 'waiting', on: row(4, 0, failed).key }),
      row(6, 400, { state: 'undecided', message: 'which?' }),
    ];
    const raw = {
      message: { messageId: 'ID:1', queue: 'q', headers: {}, body: '' },
      code: 'bad',
      problem: 'p',
      parkedAtMs: 20,
      retry: false,
    };
    const groups = await groupParked(each(rows), each([raw]));
    expect(
      groups.map(({ state, rows: count, waitingBehind, oldest }) => [state, count, waitingBehind, oldest.row]),
    ).toEqual([
      ['raw', 1, 0, 'ID:1'],
      ['failed', 3, 2, '201/1/note/2'],
      ['undecided', 1, 0, '201/1/note/6'],
    ]);
  });
});

describe('wantsColour', () => {
  it.each([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [true, { TERM: 'dumb' }, false],
    [false, { FORCE_COLOR: '1' }, true],
    [true, { FORCE_COLOR: '0' }, false],
    [false, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
  ])('on a terminal: %s, with %j: %s', (isInteractive, env, expected) => {
    expect(wantsColour({ isInteractive }, env)).toBe(expected);
  });
});

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
