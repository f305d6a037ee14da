import type { ParkReason } from '@soar-feed/core';
import { groupParked } from '../../src/output/parkedGroups.js';
import { wantsColour } from '../../src/loggerFor.js';
import { describe, expect, it } from '@jest/globals';
import { ConfigError, StoreError, TargetLoadError } from '@soar-feed/core';
import type { FeedStatus, ReloadReport } from '@soar-feed/core/runtime';
import { exitCodeOf, exitCodeOfCheck } from '../../src/exitCodes.js';
import { summarise, summaryText } from '../../src/output/reloadSummary.js';
import { table } from '../../src/output/table.js';
import { Terminal } from '../../src/output/Terminal.js';
import { UsageError } from '../../src/UsageError.js';

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
      ),
    ).toBe('feed    created\na_feed        7\nb          1200\n');
  });
});

describe('exitCodeOf', () => {
  const soarError = (code: string) => Object.assign(new Error('x'), { code, outcomeUnknown: false });
  it.each([
    [new UsageError('x'), 2],
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
    ...{ durationMs: 1500, interrupted: false },
  };
  const status = (parked: Partial<FeedStatus['parked']>, state: FeedStatus['state'] = 'up'): FeedStatus => ({
    ...{ name: 'one', state, counts: { delivered: 6, skipped: 1, superseded: 1, parked: 2, failed: 0 }, queued: 0 },
    parked: { waiting: 0, deferred: 0, failed: 0, undecided: 0, resync: 0, ...parked },
    ...(state === 'up' ? {} : { problem: 'nobody answers' }),
  });

  it('forgets what was parked and has been delivered meanwhile', () => {
    const summary = summarise(report, [status({})], ['note']);
    expect(summary).toMatchObject({ ok: true, feeds: { one: { parked: 0 } }, typesWithoutObjects: [] });
    expect(summaryText(summary)).toMatch(/^one +3 +1 +2 +2 +0 +0$/m);
  });

  it('is incomplete while something stands parked, and says why', () => {
    const summary = summarise(report, [status({ deferred: 2 }, 'down')], ['note', 'artefact']);
    expect(summary).toMatchObject({ ok: false, typesWithoutObjects: ['artefact'] });
    const text = summaryText(summary);
    expect(text).toContain('one is not up: nobody answers');
    expect(text).toContain('Nothing of type artefact');
    expect(text).toContain('incomplete');
  });

  it('is incomplete after a fault of the source, and when interrupted', () => {
    const faults = [{ incidentId: 7, message: 'GET /incidents/7 failed with 403' }];
    expect(summaryText(summarise({ ...report, faults }, [status({})], []))).toContain('incidents/7 failed with 403');
    const interrupted = summarise({ ...report, interrupted: true }, [], []);
    expect(interrupted.ok).toBe(false);
    expect(summaryText(interrupted)).toMatch(/^one +3 +1 +2 +2 +2 +0$/m);
  });
});

describe('groupParked', () => {
  it('names the oldest row of a cause, in whatever order the rows come, and counts what waits with its cause', async () => {
    const row = (objectId: number, parkedAtMs: number, why: ParkReason) =>
      ({
        ...{
          feed: 'f',
          operation: 'upsert',
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
