import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { recordingLogger } from '@soar-feed/feed-testkit';
import { ContainerModule } from 'inversify';
import { z } from 'zod';
import { RetryableError, UnavailableError } from '../../../src/contract/errors.js';
import type { FeedTarget, TargetHealth } from '../../../src/contract/FeedTarget.js';
import { defineFeedTarget } from '../../../src/contract/FeedTargetPackage.js';
import type { SourceOrg } from '../../../src/contract/SourceOrg.js';
import { FeedTokens } from '../../../src/contract/tokens.js';
import { checkTarget } from '../../../src/host/check/checkTarget.js';
import type { CheckLine } from '../../../src/host/check/CheckLine.js';
import type { PreparedFeed } from '../../../src/host/PreparedHost.js';

const away = () => Promise.reject(new UnavailableError('The source is away.', { code: 'x' }));
const source: SourceOrg = { host: 'soar.example.com', orgId: 201, orgName: 'Acme', types: away, fetch: away };

const calls: string[] = [];
afterEach(() => {
  calls.length = 0;
  jest.useRealTimers();
});

function targetWith(more: Partial<FeedTarget>): FeedTarget {
  return {
    capabilities: { deletes: 'apply', content: false },
    open: async () => void calls.push('open'),
    deliver: () => Promise.reject(new Error('nothing is delivered')),
    close: async () => void calls.push('close'),
    ...more,
  };
}

async function check(make: (given: unknown) => FeedTarget, signal?: AbortSignal): Promise<CheckLine> {
  const module = new ContainerModule(({ bind }) => {
    bind(FeedTokens.Target).toResolvedValue(make, [FeedTokens.Config]);
  });
  const definition = defineFeedTarget({ type: 'webhook', contract: 1, summary: 's', config: z.object({}), module });
  const feed = { section: { name: 'hook' }, definition, config: { url: 'x' } } as unknown as PreparedFeed;
  return checkTarget(feed, source, { log: recordingLogger(), ...(signal === undefined ? {} : { signal }) });
}

const healthy = (health: TargetHealth) => (): FeedTarget => targetWith({ health: () => Promise.resolve(health) });

describe('checkTarget', () => {
  it.each([
    ['up', { state: 'ok', detail: 'd' }],
    ['degraded', { state: 'warn', detail: 'd', code: 'target-degraded' }],
    ['down', { state: 'fail', detail: 'd', code: 'target-down' }],
  ] as const)('tells one that is %s, and closes it without opening it', async (state, line) => {
    expect(await check(healthy({ state, detail: 'd' }))).toEqual({ subject: 'target', feed: 'hook', ...line });
    expect(calls).toEqual(['close']);
  });

  it('says that one without a probe is tried later', async () => {
    expect(await check(() => targetWith({}))).toEqual({
      ...{ subject: 'target', feed: 'hook', state: 'warn' },
      detail: 'the target offers no probe; it is tried at the first start',
    });
    expect(calls).toEqual(['close']);
  });

  it('gives the target its own settings', async () => {
    const given = jest.fn((config: unknown) =>
      targetWith({ health: async () => ({ state: 'up', detail: String(config) }) }),
    );
    await check(given);
    expect(given).toHaveBeenCalledWith({ url: 'x' });
  });

  it('tells what a probe throws by message and code', async () => {
    const health = () => Promise.reject(new RetryableError('The hook is shut.', { code: 'hook-shut' }));
    expect(await check(() => targetWith({ health }))).toEqual({
      ...{ subject: 'target', feed: 'hook', state: 'fail', detail: 'The hook is shut.', code: 'hook-shut' },
    });
    expect(calls).toEqual(['close']);
  });

  it('tells a package that makes no target', async () => {
    const line = await check(() => {
      throw new Error('no memory');
    });
    expect(line).toMatchObject({ feed: 'hook', state: 'fail', code: 'target-broken' });
    expect(line.detail).toContain('no memory');
  });

  it('is not kept by a target that never answers, nor by one that cannot be closed', async () => {
    const silent = { health: () => new Promise<never>(() => undefined), close: () => Promise.reject(new Error('no')) };
    jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick'] });
    const line = check(() => targetWith(silent));
    await jest.advanceTimersByTimeAsync(15_000);
    expect(await line).toEqual({
      ...{ subject: 'target', feed: 'hook', state: 'fail', detail: 'no answer within 15 s' },
    });
  });
});
