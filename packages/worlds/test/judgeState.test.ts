import { expect, it } from '@jest/globals';
import { judgeAcks, judgeCounts, judgeOutlived, judgeParked } from '../src/oracles/judgeState.js';
import type { State } from '../src/oracles/State.js';

const world = {
  queue: 'q',
  feeds: ['a'],
  story: { site: {} },
  simulator: { broker: { acked: [{ queue: 'q', messageId: 'm1' }] } },
} as unknown as Parameters<typeof judgeAcks>[0];

const outcome = (what: string) => ({ feed: 'a', event_id: 'm1', object_key: 'k', outcome: what, reason: null });
const row = { feed: 'a', object_key: 'k', event_id: 'm1', operation: 'upsert', state: 'failed', code: null, why: '{}' };
const nothing: State = { parked: [], raw: [], outcomes: [], totals: [] };
const textsOf = (findings: readonly { readonly text: string }[]) => findings.map(({ text }) => text);

it('an acknowledgement before its outcome is durable is found', () => {
  expect(textsOf(judgeAcks(world, nothing))).toEqual(['a: m1 was acknowledged and has no outcome']);
  expect(judgeAcks(world, { ...nothing, outcomes: [outcome('delivered')] })).toEqual([]);
});

it('what is said to be parked must have its row', () => {
  const parked = { ...nothing, outcomes: [outcome('parked')] };
  expect(judgeAcks(world, parked)).toHaveLength(1);
  expect(judgeAcks(world, { ...parked, parked: [row] })).toEqual([]);
});

it('a message that cannot be decoded is settled by its row', () => {
  expect(judgeAcks(world, { ...nothing, raw: [{ message_id: 'm1', problem: 'no JSON' }] })).toEqual([]);
});

it('outcomes that nobody counted are found', () => {
  const state = { ...nothing, outcomes: [outcome('delivered')] };
  expect(judgeCounts(state)).toHaveLength(1);
  expect(judgeCounts({ ...state, totals: [{ feed: 'a', outcome: 'delivered', events: 1 }] })).toEqual([]);
});

it('rows that are left are found', () => {
  expect(textsOf(judgeParked({ ...nothing, parked: [row] }))).toEqual(['a: k is parked as failed: {}']);
});

it('a row that outlives its incident is found', () => {
  const of = (incidentId: number) => ({ ...row, object_key: `201/${incidentId}/note/5` });
  const state = { ...nothing, parked: [of(2001), of(2002)] };
  expect(textsOf(judgeOutlived(state, [2001]))).toEqual([
    'a: 201/2002/note/5 is parked as failed although its incident was deleted',
  ]);
  const refused = { ...row, object_key: '201/2002/incident/2002', operation: 'delete' };
  expect(judgeOutlived({ ...state, parked: [...state.parked, refused] }, [2001])).toEqual([]);
});
