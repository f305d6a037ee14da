import { describe, expect, it } from '@jest/globals';
import { recordingLogger } from '@soar-feed/feed-testkit';
import { BundleSupport } from '../../../src/write/create/BundleSupport.js';

function support(wanted = true) {
  const log = recordingLogger();
  return { log, support: new BundleSupport(wanted, log) };
}

describe('what a server takes inside the create of an incident', () => {
  it('is nothing where bundle_creates is off', () => {
    expect(support(false).support.may('comments')).toBe(false);
  });

  it('is learned for notes and artifacts apart', () => {
    const { support: known } = support();
    known.taken('comments');
    known.notTaken('artifacts', 'ignored');
    expect([known.may('comments'), known.isProven('comments')]).toEqual([true, true]);
    expect([known.may('artifacts'), known.isProven('artifacts')]).toEqual([false, false]);
  });

  it.each(['ignored', 'refused'] as const)('ends with the first that is %s, and is said once', (how) => {
    const { support: known, log } = support();
    known.notTaken('comments', how);
    known.notTaken('comments', how);
    known.taken('comments');
    expect(known.may('comments')).toBe(false);
    expect(log.lines.map(({ message }) => message)).toEqual([expect.stringContaining(`has ${how} the notes`)]);
  });

  it('ends with the third in a row where some were taken before: one of them may have been at fault', () => {
    const { support: known } = support();
    known.taken('comments');
    for (const taken of [false, false, true, false, false]) {
      if (taken) known.taken('comments');
      else known.notTaken('comments', 'refused');
      expect(known.may('comments')).toBe(true);
    }
    known.notTaken('comments', 'refused');
    expect(known.may('comments')).toBe(false);
  });

  it('ends with the third failure of a server that has never taken any', () => {
    const { support: known } = support();
    known.stumbled('comments');
    known.stumbled('comments');
    expect(known.may('comments')).toBe(true);
    known.stumbled('comments');
    expect(known.may('comments')).toBe(false);
    const { support: proven } = support();
    proven.taken('comments');
    for (let times = 0; times < 5; times += 1) proven.stumbled('comments');
    expect(proven.may('comments')).toBe(true);
  });
});
