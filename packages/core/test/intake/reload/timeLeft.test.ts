import { describe, expect, it } from '@jest/globals';
import { withTimeLeft } from '../../../src/intake/reload/ReloadStatus.js';

describe('the time that a reload still takes', () => {
  const running = { running: true, startedAtMs: 1_000, incidents: 50, objects: 400, ofIncidents: 200, faults: 0 };

  it('is estimated from what was read so far', () => {
    expect(withTimeLeft(running, 11_000)).toEqual({ ...running, leftMs: 30_000 });
    // More incidents than were counted at the beginning.
    expect(withTimeLeft({ ...running, incidents: 201 }, 11_000).leftMs).toBe(0);
  });

  it.each([
    ['it has ended', { ...running, running: false }, 11_000],
    ['it has just begun', running, 1_500],
    ['too little was read', { ...running, incidents: 2 }, 11_000],
  ])('is not told when %s', (_, status, now) => {
    expect(withTimeLeft(status, now)).toEqual(status);
  });

  it('is not told where the source does not say how many there are', () => {
    const { ofIncidents: _, ...unknown } = running;
    expect(withTimeLeft(unknown, 11_000)).toEqual(unknown);
  });
});
