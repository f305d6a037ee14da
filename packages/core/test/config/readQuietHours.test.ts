import { describe, expect, it } from '@jest/globals';
import { readQuietHours } from '../../src/config/readQuietHours.js';

const at = (text: string): number => Date.parse(text);

describe('readQuietHours', () => {
  it.each([
    // A Monday.
    ['08:00-18:00 UTC', '2026-11-30T07:59:59Z', false],
    ['08:00-18:00 UTC', '2026-11-30T08:00:00Z', true],
    ['08:00-18:00 UTC', '2026-11-30T17:59:59Z', true],
    ['08:00-18:00 UTC', '2026-11-30T18:00:00Z', false],
    ['00:00-24:00 UTC', '2026-11-30T23:59:59Z', true],
    ['22:00-06:00 UTC', '2026-11-30T23:00:00Z', true],
    ['22:00-06:00 UTC', '2026-11-30T05:59:00Z', true],
    ['22:00-06:00 UTC', '2026-11-30T06:00:00Z', false],
    ['mon-fri 08:00-18:00 UTC', '2026-11-30T12:00:00Z', true],
    ['mon-fri 08:00-18:00 UTC', '2026-11-29T12:00:00Z', false],
    ['Sun 08:00-18:00 UTC', '2026-11-29T12:00:00Z', true],
    ['fri-mon 08:00-18:00 UTC', '2026-12-01T12:00:00Z', false],
    // Over midnight, the day is that of the beginning.
    ['fri 22:00-06:00 UTC', '2026-11-28T05:00:00Z', true],
    ['fri 22:00-06:00 UTC', '2026-11-27T05:00:00Z', false],
    ['08:00-18:00 Europe/Berlin', '2026-11-30T07:30:00Z', true],
    ['08:00-18:00 Europe/Berlin', '2026-06-30T06:30:00Z', true],
    ['mon 00:00-01:00 Asia/Tokyo', '2026-11-29T15:30:00Z', true],
  ])('%s at %s: %s', (text, moment, expected) => {
    expect(readQuietHours(text)(at(moment))).toBe(expected);
  });

  it('takes the zone of the host where none is given', () => {
    const noon = new Date(2026, 10, 30, 12).getTime();
    expect(readQuietHours('11:59-12:01')(noon)).toBe(true);
    expect(readQuietHours('12:01-11:59')(noon)).toBe(false);
  });

  it.each([
    '',
    '8-18',
    '8:00-18:00',
    '08:00',
    '08:00-08:00',
    '08:60-18:00',
    '25:00-26:00',
    'monday 08:00-18:00',
    'xyz 08:00-18:00',
  ])('refuses "%s"', (text) => {
    expect(() => readQuietHours(text)).toThrow();
  });

  it('names a zone that is not known', () => {
    expect(() => readQuietHours('08:00-18:00 Mars/Base')).toThrow('the time zone Mars/Base is not known');
  });
});
