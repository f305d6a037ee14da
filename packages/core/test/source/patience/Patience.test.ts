import { describe, expect, it } from '@jest/globals';
import { fakeClock, recordingLogger } from '@soar-feed/feed-testkit';
import { PermanentError, RetryableError, UnavailableError } from '../../../src/contract/errors.js';
import { Patience } from '../../../src/source/patience/Patience.js';
import { RELOAD } from '../../../src/source/patience/policy.js';
import type { WaitPolicy } from '../../../src/source/patience/policy.js';
import type { Elsewhere } from '../../../src/source/patience/Patience.js';

const busy = new RetryableError('HTTP 500', { code: 'server-error' });
const away = new UnavailableError('nobody there', { code: 'connection-refused' });

function make(policy: Partial<WaitPolicy> = {}) {
  const clock = fakeClock();
  const log = recordingLogger();
  const stop = new AbortController();
  const troubles: (string | undefined)[] = [];
  const onTrouble = (problem: string | undefined): void => void troubles.push(problem);
  const patience = new Patience({ ...RELOAD, ...policy }, { clock, log, signal: stop.signal, onTrouble });
  /** A read that throws `state.error` as long as it is set. */
  const reading = (elsewhere?: Elsewhere) => {
    const state: { error: Error | undefined; tries: number; end: string | undefined } = {
      error: busy,
      tries: 0,
      end: undefined,
    };
    const ended = patience
      .ask(
        'It',
        async () => {
          state.tries += 1;
          if (state.error !== undefined) throw state.error;
          return 'read';
        },
        elsewhere,
      )
      .then(
        (result) => (state.end = result),
        (error: unknown) => (state.end = String(error)),
      );
    return { state, ended };
  };
  const pass = async (ms: number): Promise<void> => {
    for (let gone = 0; gone < ms; gone += 15_000) await clock.advance(15_000);
  };
  return { clock, log, stop, troubles, patience, reading, pass };
}

describe('a read that fails', () => {
  it('while others are given is given up after six tries and one more', async () => {
    const { reading, pass } = make();
    const { state, ended } = reading(async () => true);
    await pass(300_000);
    await ended;
    expect(state).toMatchObject({ tries: 7, end: 'RetryableError: HTTP 500' });
  });

  it.each<[string, Elsewhere]>([
    ['nothing else is given', async () => false],
    ['the question for others fails, too', async () => Promise.reject(busy)],
  ])('while %s waits, says so once, and goes on', async (_, elsewhere) => {
    const { reading, pass, log, troubles } = make();
    const { state, ended } = reading(elsewhere);
    await pass(10 * 60_000);
    expect(state.end).toBeUndefined();
    expect(state.tries).toBeGreaterThan(10);
    expect(troubles.at(-1)).toBe('It could not be read, trying again: HTTP 500');
    expect(log.of('warn')).toHaveLength(1);
    state.error = undefined;
    await pass(60_000);
    await ended;
    expect(state.end).toBe('read');
    expect(troubles.at(-1)).toBeUndefined();
  });

  it.each([
    ['a fault of ours', new TypeError('not a function')],
    ['a refusal', new PermanentError('HTTP 403', { code: 'forbidden' })],
  ])('is given up where the question for others meets %s: that is no trouble of the source', async (_, fault) => {
    const { reading, pass } = make();
    const { state, ended } = reading(async () => Promise.reject(fault));
    await pass(300_000);
    await ended;
    expect(state).toMatchObject({ tries: 7, end: 'RetryableError: HTTP 500' });
  });

  it('by a fault of ours is given up at once', async () => {
    const { reading, pass, troubles } = make();
    const { state, ended } = reading(async () => false);
    state.error = new TypeError('not a function');
    await pass(60_000);
    await ended;
    // The first try met the error that was set at the beginning.
    expect(state).toMatchObject({ tries: 2, end: 'TypeError: not a function' });
    expect(troubles).toEqual([]);
  });

  it('for half an hour is given up although nothing else is given: what can be read is to be read', async () => {
    const { reading, pass } = make();
    const { state, ended } = reading(async () => false);
    await pass(29 * 60_000);
    expect(state.end).toBeUndefined();
    await pass(3 * 60_000);
    await ended;
    expect(state.end).toBe('RetryableError: HTTP 500');
  });

  it('as the source is away is waited for as long as it takes', async () => {
    const { reading, pass, troubles } = make();
    const { state, ended } = reading();
    state.error = away;
    await pass(24 * 3_600_000);
    expect(state.end).toBeUndefined();
    expect(troubles.at(-1)).toContain('nobody there');
    state.error = undefined;
    await pass(60_000);
    await ended;
    expect(state.end).toBe('read');
  });

  it.each([
    ['the source is away', away],
    ['the source is in trouble', busy],
  ])('is given up where somebody waits for it, as %s', async (_, error) => {
    const { reading, pass } = make({ awayMs: 5 * 60_000 });
    const { state, ended } = reading(async () => false);
    state.error = error;
    await pass(4 * 60_000);
    expect(state.end).toBeUndefined();
    await pass(3 * 60_000);
    await ended;
    expect(state.end).toContain(error.message);
  });

  it('once is no trouble of the source', async () => {
    const { reading, clock, troubles } = make();
    const { state, ended } = reading();
    await clock.advance(0);
    state.error = undefined;
    await clock.advance(1_000);
    await ended;
    expect(state).toMatchObject({ tries: 2, end: 'read' });
    expect(troubles).toEqual([]);
  });

  it('ends with the stop, also while others are asked for', async () => {
    const { reading, pass, stop } = make();
    const { state, ended } = reading(() => new Promise((_, reject) => stop.signal.addEventListener('abort', reject)));
    await pass(300_000);
    stop.abort();
    await ended;
    expect(state.end).toContain('StoppingError');
  });
});
