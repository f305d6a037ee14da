import {
  ConfigError,
  DecodeError,
  PermanentError,
  RetryableError,
  StoppingError,
  UnavailableError,
} from '@soar-feed/core';
import { describe, expect, it } from '@jest/globals';
import { backoffMs, EVENT_BACKOFF } from '../../src/trouble/backoff.js';
import { ProgramFault } from '../../src/trouble/ProgramFault.js';
import { classify, refusalOf } from '../../src/trouble/classify.js';

const facts = { code: 'c' };
const plain = (fields: object): Error => Object.assign(new Error('m'), fields);

describe('what a failed delivery leads to', () => {
  it.each<[string, unknown, object]>([
    ['a retryable error', new RetryableError('m', facts), { move: 'retry', code: 'c' }],
    [
      'one that asks for patience',
      new RetryableError('m', { ...facts, retryAfterMs: 7 }),
      { move: 'retry', code: 'c', retryAfterMs: 7 },
    ],
    ['an unavailable destination', new UnavailableError('m', facts), { move: 'pause', code: 'c' }],
    [
      'one that says for how long',
      new UnavailableError('m', { ...facts, retryAfterMs: 0 }),
      { move: 'pause', code: 'c', retryAfterMs: 0 },
    ],
    ['a permanent error', new PermanentError('m', facts), { move: 'give-up', code: 'c' }],
    [
      'an object that a person must decide about',
      new PermanentError('m', { code: 'undecided' }),
      { move: 'give-up', code: 'undecided', undecided: true },
    ],
    ['a bug that was reported', new ProgramFault('m'), { move: 'give-up', code: 'programming-error', fault: true }],
    ['a message that cannot be read', new DecodeError('m', facts), { move: 'give-up', code: 'c' }],
    [
      'what went away at the source',
      new PermanentError('m', { code: 'source-gone' }),
      { move: 'gone', code: 'source-gone' },
    ],
    ['a TypeError', new TypeError('m'), { move: 'give-up', code: 'programming-error', fault: true }],
    ['a ReferenceError', new ReferenceError('m'), { move: 'give-up', code: 'programming-error', fault: true }],
    ['a RangeError', new RangeError('m'), { move: 'give-up', code: 'programming-error', fault: true }],
    ['a SyntaxError', new SyntaxError('m'), { move: 'give-up', code: 'programming-error', fault: true }],
    ['any other error', new Error('m'), { move: 'retry', code: 'Error' }],
    ['one with a code', plain({ code: 'ECONNRESET' }), { move: 'retry', code: 'ECONNRESET' }],
    ['a code that is no text', plain({ code: 7 }), { move: 'retry', code: 'Error' }],
    [
      'a client’s error: away',
      plain({ code: 'x', unavailable: true, retryAfterMs: 5 }),
      { move: 'pause', code: 'x', retryAfterMs: 5 },
    ],
    [
      'a client’s error: away counts before the rest',
      plain({ unavailable: true, retryable: false }),
      { move: 'pause', code: 'Error' },
    ],
    [
      'a client’s error: again',
      plain({ retryable: true, retryAfterMs: 5 }),
      { move: 'retry', code: 'Error', retryAfterMs: 5 },
    ],
    ['a client’s error: never', plain({ retryable: false, retryAfterMs: 5 }), { move: 'give-up', code: 'Error' }],
    [
      'fields of another kind',
      plain({ retryable: 'no', unavailable: 1, retryAfterMs: '5' }),
      { move: 'retry', code: 'Error' },
    ],
    [
      'a TypeError that says it may come again',
      Object.assign(new TypeError('m'), { retryable: true }),
      { move: 'retry', code: 'TypeError' },
    ],
    ['no error at all', 'a text', { move: 'retry', code: 'unknown-error' }],
    ['null', null, { move: 'retry', code: 'unknown-error' }],
  ])('%s', (_name, error, expected) => {
    expect(classify(error)).toEqual(expected);
  });

  it('a refusal is what no further attempt changes, in its own words', () => {
    expect(refusalOf(new PermanentError('Too large.', facts))).toEqual({ code: 'c', message: 'Too large.' });
    expect(refusalOf(new TypeError('x is not a function'))).toEqual({
      code: 'programming-error',
      message: 'x is not a function',
    });
    for (const error of [
      new RetryableError('m', facts),
      new UnavailableError('m', facts),
      new StoppingError(),
      'text',
    ]) {
      expect(refusalOf(error)).toBeUndefined();
    }
    expect(refusalOf(new ConfigError([{ section: 's', message: 'm' } as never]))?.code).toEqual(expect.any(String));
  });
});

describe('the pause before the next attempt', () => {
  const pauses = (attempt: number, atLeastMs?: number) =>
    Array.from({ length: 2_000 }, () => backoffMs(attempt, atLeastMs));

  it.each([
    [1, 500],
    [2, 1_000],
    [3, 2_000],
    [6, 16_000],
    [7, 30_000],
    [5_000, 30_000],
  ])('before attempt %i is anywhere up to %i ms', (attempt, most) => {
    const all = pauses(attempt);
    expect(Math.max(...all)).toBeLessThanOrEqual(most);
    expect(Math.max(...all)).toBeGreaterThan(most * 0.95);
    expect(Math.min(...all)).toBeLessThan(most * 0.05);
  });

  it('is never shorter than what the destination asked for', () => {
    for (const ms of pauses(1, 400)) expect(ms).toBeGreaterThanOrEqual(400);
    expect(Math.max(...pauses(1, 400))).toBeLessThanOrEqual(500);
    expect(backoffMs(1, 90_000)).toBe(90_000);
    expect(EVENT_BACKOFF).toEqual({ firstMs: 500, capMs: 30_000 });
  });
});
