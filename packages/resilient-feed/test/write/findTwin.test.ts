import { describe, expect, it } from '@jest/globals';
import type { Intent } from '../../src/mapping/Intent.js';
import { findTwin } from '../../src/write/findTwin.js';
import type { TargetObject } from '../../src/write/TargetObject.js';

const intent: Intent = {
  source: { orgId: 201, incidentId: 7, type: 'note', objectId: 70 },
  naturalKey: [{ name: 'text', inputType: 'textarea', value: { format: 'text', content: 'a note' } }],
  sentAtMs: 100_000,
  principalId: 3,
  targetIncidentId: 1007,
  targetParentId: 1069,
};

function candidate(objectId: number, more: Partial<TargetObject> = {}): TargetObject {
  return {
    target: { incidentId: 1007, objectId },
    ...{ parentId: 1069, createdAtMs: 100_500, createdBy: 3, value: () => 'a note' },
    ...more,
  };
}

const find = (candidates: readonly TargetObject[], mapped: readonly number[] = [], slackMs = 1_000) =>
  findTwin(intent, candidates, new Set(mapped), (shownMs) => shownMs - slackMs)?.target.objectId;

describe('the twin of an unanswered create', () => {
  it.each<[string, TargetObject]>([
    ['made by another principal', candidate(1, { createdBy: 4 })],
    ['made before it was sent', candidate(1, { createdAtMs: 98_999 })],
    ['in another thread', candidate(1, { parentId: 1068 })],
    ['at the top level', candidate(1, { parentId: null })],
    ['of another content', candidate(1, { value: () => 'another note' })],
  ])('is none %s, but the next one', (_what, other) => {
    expect(find([other])).toBeUndefined();
    expect(find([other, candidate(2)])).toBe(2);
  });

  it('is none that belongs to another object', () => {
    expect(find([candidate(1)], [1])).toBeUndefined();
    expect(find([candidate(1), candidate(2)], [1])).toBe(2);
  });

  it('is one as old as the clocks may be wrong', () => {
    expect(find([candidate(1, { createdAtMs: 99_000 })])).toBe(1);
    expect(find([candidate(1, { createdAtMs: 40_000 })], [], 60_000)).toBe(1);
  });

  it('is one of which the target tells neither author nor date nor thread', () => {
    const { target, value } = candidate(1);
    expect(find([{ target, value }])).toBe(1);
  });
});
