import { describe, expect, it } from '@jest/globals';
import { readDate } from '../../src/filter/readDate.js';

const DAY = Date.UTC(2024, 1, 29);
const MINUTE = Date.UTC(2024, 1, 29, 13, 5);
const SECOND = MINUTE + 9_000;

describe('a date of a filter covers what it leaves out', () => {
  it.each([
    ['0', 0, 0],
    ['1709211909123', 1_709_211_909_123, 1_709_211_909_123],
    ['-5', -5, -5],
    ['2024-02-29', DAY, DAY + 86_399_999],
    ['2024-02-29 13:05', MINUTE, MINUTE + 59_999],
    ['2024-02-29T13:05', MINUTE, MINUTE + 59_999],
    ['2024-02-29t13:05z', MINUTE, MINUTE + 59_999],
    ['2024-02-29T13:05Z', MINUTE, MINUTE + 59_999],
    ['2024-02-29 13:05 Z', MINUTE, MINUTE + 59_999],
    ['2024-02-29T13:05:09', SECOND, SECOND + 999],
    ['2024-02-29T13:05:09Z', SECOND, SECOND + 999],
    ['2024-02-29T13:05:09.5', SECOND + 500, SECOND + 500],
    ['2024-02-29T13:05:09.123Z', SECOND + 123, SECOND + 123],
    ['2024-02-29T13:05:09.123456789Z', SECOND + 123, SECOND + 123],
    ['2024-02-29T15:05+02:00', MINUTE, MINUTE + 59_999],
    ['2024-02-29T15:05+0200', MINUTE, MINUTE + 59_999],
    ['2024-02-29T08:35-0430', MINUTE, MINUTE + 59_999],
    ['2024-02-29T15:05:09 +02:00', SECOND, SECOND + 999],
  ])('%s', (text, fromMs, toMs) => {
    expect(readDate(text)).toEqual({ fromMs, toMs });
  });

  it.each([
    '',
    '-',
    '5a',
    'a5',
    'yesterday',
    '2024-02',
    '2024-2-9',
    '2024-02-29T13',
    '2024-02-29 13:05:9',
    '2024-02-29T13:05.5',
    '2024-02-29T13:05:09.',
    '2024-02-29T13:05:09.1234567890',
    '2024-02-29T13:05  Z',
    '2024-02-29T13:05+2',
    '2024-02-29Z',
    'x2024-02-29',
    '2024-02-29x',
    '2024-13-01',
    '2024-02-29T25:05',
    '2024-02-29T13:61',
  ])('%j is none', (text) => {
    expect(readDate(text)).toBeUndefined();
  });
});
