import { describe, expect, it } from '@jest/globals';
import { Watermark } from '../../../src/intake/reload/Watermark.js';

describe('the watermark of a reload', () => {
  it('is nowhere before anything settled, and below the first that is open', () => {
    const mark = new Watermark();
    expect(mark.settledUpTo).toBeUndefined();
    mark.begin(5);
    expect(mark.settledUpTo).toBe(4);
    mark.begin(7);
    mark.begin(9);
    mark.pass(7);
    expect(mark.settledUpTo).toBe(4);
    mark.pass(5);
    expect(mark.settledUpTo).toBe(8);
    mark.pass(9);
    expect(mark.settledUpTo).toBe(9);
  });

  it('is not moved by what passes twice, or never began', () => {
    const mark = new Watermark();
    mark.begin(5);
    mark.pass(6);
    expect(mark.settledUpTo).toBe(4);
    mark.pass(5);
    mark.pass(5);
    expect(mark.settledUpTo).toBe(5);
  });
});
