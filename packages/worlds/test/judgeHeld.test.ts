import { expect, it } from '@jest/globals';
import { judgeHeld } from '../src/oracles/judgeHeld.js';
import type { State } from '../src/oracles/State.js';
import type { World } from '../src/world/World.js';

const state: State = {
  ...{ parked: [], raw: [], totals: [] },
  outcomes: ['one', 'two'].map((id) => ({
    ...{ feed: 'resilient_feed', event_id: id, object_key: `201/1/note/${id}`, outcome: 'delivered', reason: null },
  })),
};

function judged(received: readonly string[], inFlight: number, routed = false, feeds = ['resilient_feed']) {
  const host = { received: new Set(received), host: { status: () => ({ queue: { inFlight } }) } };
  const world = { host, feeds, story: { site: { prefetch: 5, routed } } };
  return judgeHeld(world as unknown as World, state).map(({ check }) => check);
}

it('a message that has neither an outcome nor a place in memory is found', () => {
  expect(judged(['one', 'two', 'three'], 1)).toEqual([]);
  expect(judged(['one', 'two', 'three'], 0)).toEqual(['conserved']);
});

it('each feed has an outcome of its own, but where incidents move, one of them is enough', () => {
  const both = ['resilient_feed', 'file_feed'];
  expect(judged(['one'], 0, false, both)).toEqual(['conserved']);
  expect(judged(['one'], 0, true, both)).toEqual([]);
  expect(judged(['one', 'three'], 0, true, both)).toEqual(['conserved']);
});

it('a host that holds more than two sessions may hand over is found', () => {
  expect(judged([], 10)).toEqual([]);
  expect(judged([], 11)).toEqual(['memory']);
});
