import { anIncident, aTask } from '@soar-feed/feed-testkit';
import type { LastApplied, Stamp } from '@soar-feed/core';
import { describe, expect, it } from '@jest/globals';
import { INDEX_LAG_MS, judgeFreshness } from '../../src/lanes/judgeFreshness.js';

const AT = 1_700_000_000_000;
const last = (stamp?: Stamp): LastApplied =>
  ({ deleted: false, ...(stamp === undefined ? {} : { stamp }) }) as LastApplied;
const read = aTask({ origin: 'reload', observedAtMs: AT });
const message = aTask({ observedAtMs: AT });

describe('a snapshot after what was applied last', () => {
  it('is applied where nothing was, or nothing is known of how new that was', () => {
    expect(judgeFreshness(message, undefined)).toBe('apply');
    expect(judgeFreshness(message, last())).toBe('apply');
  });

  it('of a deleted object contradicts it, whatever its stamp', () => {
    expect(judgeFreshness(message, { ...last({ kind: 'broker', value: 1 }), deleted: true })).toBe('contradicts');
  });

  it.each([
    [6, 'contradicts'],
    [7, 'apply'],
    [8, 'apply'],
  ])('with the version %i after 7: %s', (vers, expected) => {
    expect(judgeFreshness(anIncident({ payload: { vers } }), last({ kind: 'vers', value: 7 }))).toBe(expected);
  });

  it.each([
    ['just as far as an index may lag', AT - INDEX_LAG_MS, 'reread'],
    ['a moment before that', AT - INDEX_LAG_MS - 1, 'apply'],
    ['after the read', AT + 1, 'reread'],
  ])('that was read, after a message from %s: read anew or applied', (_when, value, expected) => {
    expect(judgeFreshness(read, last({ kind: 'broker', value }))).toBe(expected);
  });

  it('that was read counts from when it was asked for', () => {
    const brought = last({ kind: 'broker', value: AT - INDEX_LAG_MS - 1 });
    expect(judgeFreshness(read, brought, { requestedAtMs: AT - 1 })).toBe('reread');
    expect(judgeFreshness(read, brought, { requestedAtMs: AT })).toBe('apply');
  });

  it.each([
    [AT + 1, 'reread'],
    [AT, 'apply'],
    [AT - 1, 'apply'],
  ])('that was read, after another read at %i: %s', (value, expected) => {
    expect(judgeFreshness(read, last({ kind: 'read', value }))).toBe(expected);
  });

  it.each([
    [AT + 1, 'reread'],
    [AT, 'apply'],
    [AT - 1, 'apply'],
  ])('that a message brought, after a read at %i: %s', (value, expected) => {
    expect(judgeFreshness(message, last({ kind: 'read', value }))).toBe(expected);
  });

  it.each([
    ['a message', message, 'read', AT - 500, 'apply'],
    ['a message', message, 'read', AT - 499, 'reread'],
    ['a read', read, 'read', AT - 500, 'apply'],
    ['a read', read, 'read', AT - 499, 'reread'],
    ['the same read', read, 'read', AT, 'apply'],
    ['a read', read, 'broker', AT - INDEX_LAG_MS - 501, 'apply'],
    ['a read', read, 'broker', AT - INDEX_LAG_MS - 500, 'reread'],
    ['a message', message, 'broker', AT - 1, 'apply'],
  ] as const)('by a clock known to half a second: %s (row %#)', (_what, event, kind, value, expected) => {
    expect(judgeFreshness(event, last({ kind, value }), { doubtMs: 500 })).toBe(expected);
  });

  it('is read anew where the source never told its time, but not for one read beside another', () => {
    const doubtMs = Infinity;
    expect(judgeFreshness(message, last({ kind: 'read', value: 1 }), { doubtMs })).toBe('reread');
    expect(judgeFreshness(read, last({ kind: 'broker', value: 1 }), { doubtMs })).toBe('reread');
    expect(judgeFreshness(read, last({ kind: 'read', value: AT - 1 }), { doubtMs })).toBe('apply');
  });
});
