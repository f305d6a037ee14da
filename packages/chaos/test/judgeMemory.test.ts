import { describe, expect, it } from '@jest/globals';
import { judgeMemory } from '../src/soak/judgeMemory.js';

const MB = 1_000_000;

/** Three hundred samples of half an hour; between collections the heap grows, as the teeth of a saw. */
function samples(bytesAt: (share: number) => number) {
  return Array.from({ length: 300 }, (_, at) => {
    const bytes = bytesAt(at / 300);
    return { atMs: at * 6_000, heapBytes: bytes + (at % 10) * 3 * MB, residentBytes: 3 * bytes };
  });
}

describe('judgeMemory', () => {
  it('holds flat memory for flat, whatever it does before it is warm and between collections', () => {
    const { findings, notes } = judgeMemory(samples((share) => (share < 0.3 ? 20 + share * 100 : 60) * MB));
    expect(findings).toEqual([]);
    expect(notes).toEqual([
      'heap after warm-up: 60 to 60 MB within 18 min',
      'RSS after warm-up: 180 to 180 MB within 18 min',
    ]);
  });

  it('finds a slow leak', () => {
    const { findings } = judgeMemory(samples((share) => (50 + 20 * share) * MB));
    expect(findings.map(({ check, text }) => `${check}: ${text.split(' ')[0]}`)).toEqual([
      'memory: heap',
      'memory: RSS',
    ]);
  });

  it('says that a short soak tells nothing of memory', () => {
    expect(judgeMemory(samples(() => 50 * MB).slice(0, 150))).toEqual({
      findings: [],
      notes: ['memory is not judged: that takes 20 minutes'],
    });
  });

  it('does not take silence for flat', () => {
    expect(judgeMemory([]).findings).toMatchObject([{ check: 'memory' }]);
  });
});
