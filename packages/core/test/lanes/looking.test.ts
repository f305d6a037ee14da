import { describe, expect, it } from '@jest/globals';
import { Lanes } from '../../src/lanes/Lanes.js';

/** What the lanes hold, by every way to look. */
function look(lanes: Lanes<string>): unknown {
  return {
    size: lanes.size,
    lanes: lanes.lanes,
    entries: [...lanes.entries()],
    waiting: [...lanes.waiting()],
    has: [1, 2].map((incident) => lanes.has(incident)),
    of1: lanes.entriesOf(1),
  };
}

function filled(): Lanes<string> {
  const lanes = new Lanes<string>();
  for (const entry of ['a', 'b', 'c']) lanes.push(1, entry);
  lanes.push(2, 'd');
  return lanes;
}

describe('lanes show', () => {
  it('all that stands in them, and what no run holds', () => {
    const lanes = filled();
    lanes.take(2);
    expect(look(lanes)).toEqual({
      size: 4,
      lanes: 2,
      entries: ['a', 'b', 'c', 'd'],
      waiting: ['c', 'd'],
      has: [true, true],
      of1: ['a', 'b', 'c'],
    });
    expect(['a', 'b', 'c', 'x'].map((entry) => lanes.isWaiting(1, entry))).toEqual([false, false, true, false]);
    expect([lanes.isWaiting(2, 'd'), lanes.isWaiting(3, 'd')]).toEqual([true, false]);
  });

  it('what is left when entries end, before and behind the run’s end', () => {
    const lanes = filled();
    const run = lanes.take(2);
    if (run === undefined) throw new Error('there is a run');
    expect(run.entries).toEqual(['a', 'b']);
    lanes.remove(1, 'a');
    expect([...lanes.waiting()]).toEqual(['c', 'd']);
    // An entry behind the run goes: the run still holds what it held.
    lanes.remove(1, 'c');
    expect([...lanes.waiting()]).toEqual(['d']);
    lanes.finish(run.lane);
    expect([...lanes.waiting()]).toEqual(['b', 'd']);
    expect(lanes.size).toBe(2);
    lanes.remove(1, 'b');
    expect(look(lanes)).toEqual({ size: 1, lanes: 1, entries: ['d'], waiting: ['d'], has: [false, true], of1: [] });
  });

  it('no change where something ends that is not there', () => {
    const lanes = filled();
    const before = look(lanes);
    lanes.remove(1, 'x');
    lanes.remove(3, 'a');
    expect(look(lanes)).toEqual(before);
  });

  it('a list of its own, which later changes leave alone', () => {
    const lanes = filled();
    const seen = lanes.entriesOf(1);
    lanes.remove(1, 'a');
    expect(seen).toEqual(['a', 'b', 'c']);
    expect(lanes.entriesOf(9)).toEqual([]);
  });

  it('nothing to take where each lane has a run, or nothing is left', () => {
    const lanes = filled();
    const runs = [lanes.take(1), lanes.take(1), lanes.take(1)];
    expect(runs.map((run) => run?.entries)).toEqual([['a'], ['d'], undefined]);
    lanes.remove(2, 'd');
    lanes.finish(runs[1]?.lane as never);
    expect([lanes.take(1), lanes.has(2), lanes.lanes]).toEqual([undefined, false, 1]);
  });

  it('a lane that emptied before its turn to nobody', () => {
    const lanes = new Lanes<string>();
    lanes.push(1, 'a');
    lanes.remove(1, 'a');
    expect([lanes.take(1), lanes.size, lanes.lanes]).toEqual([undefined, 0, 0]);
  });

  it('a busy incident behind the others', () => {
    const lanes = filled();
    const first = lanes.take(1);
    lanes.remove(1, 'a');
    lanes.finish(first?.lane as never);
    expect([lanes.take(1)?.entries, lanes.take(1)?.entries]).toEqual([['d'], ['b']]);
  });
});
