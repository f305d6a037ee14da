import { describe, expect, it } from '@jest/globals';
import type { Bundled } from '../../../src/write/create/Bundle.js';
import { pairUp } from '../../../src/write/create/pairUp.js';
import type { TargetObject } from '../../../src/write/TargetObject.js';

const US = 7;

function sent(values: Readonly<Record<string, unknown>>, objectId: number): Bundled {
  const fields = Object.entries(values).map(([name, value]) => ({ name, inputType: 'text', value }));
  const source = { orgId: 201, incidentId: 1, type: 'any', objectId };
  const intent = { source, naturalKey: fields, sentAtMs: 1_000, principalId: US };
  return { kind: 'comments', fields, body: {}, intent } as unknown as Bundled;
}

function shown(objectId: number, values: Readonly<Record<string, unknown>>, more: Partial<TargetObject> = {}) {
  const target = { incidentId: 9, objectId };
  return {
    target,
    parentId: null,
    createdBy: US,
    createdAtMs: 1_000,
    value: ({ name }: { readonly name: string }) => values[name],
    ...more,
  } as TargetObject;
}

const note = (text: string, id = 1) => sent({ text }, id);
const artifact = (type: number, value: string, id = 1) => sent({ type, value }, id);

function paired(kind: 'comments' | 'artifacts', objects: readonly Bundled[], all: readonly TargetObject[]) {
  const { pairs, lacking, strays } = pairUp(kind, objects, all, (shownMs) => shownMs);
  return {
    pairs: pairs.map(({ one, target: { target } }) => [
      one.intent.source.objectId,
      target.objectId,
      ...(target.extraIds ?? []),
    ]),
    lacking: lacking.map(({ intent }) => intent.source.objectId),
    strays: strays.map(({ target }) => target.objectId),
  };
}

describe('what a server made of a bundle', () => {
  it('is found by what was sent, whatever the order; equal ones in order', () => {
    const objects = [note('a', 1), note('twice', 2), note('twice', 3)];
    const all = [shown(12, { text: 'twice' }), shown(13, { text: 'twice' }), shown(14, { text: 'a' })];
    expect(paired('comments', objects, all)).toEqual({
      pairs: [
        [1, 14],
        [2, 12],
        [3, 13],
      ],
      lacking: [],
      strays: [],
    });
  });

  it('is nothing that others made, that is older, or that hangs below something', () => {
    const all = [
      shown(11, { text: 'a' }, { createdBy: 8 }),
      shown(12, { text: 'a' }, { createdAtMs: 999 }),
      shown(13, { text: 'a' }, { parentId: 11 }),
    ];
    expect(paired('comments', [note('a')], all)).toEqual({ pairs: [], lacking: [1], strays: [] });
  });

  it('is, of notes, what is left over, if as many are: their text is corrected', () => {
    const objects = [note('a', 1), note('<b>x</b>', 2), note('<i>y</i>', 3)];
    const all = [shown(13, { text: 'Y' }), shown(11, { text: 'a' }), shown(12, { text: 'X' })];
    expect(paired('comments', objects, all)).toEqual({
      pairs: [
        [1, 11],
        [2, 12],
        [3, 13],
      ],
      lacking: [],
      strays: [],
    });
    expect(paired('comments', objects, all.slice(1))).toEqual({ pairs: [[1, 11]], lacking: [2, 3], strays: [] });
  });

  it('is, of one artifact, all that is left of its type', () => {
    const objects = [artifact(1, '10.0.0.1', 1), artifact(3, 'HTTP://A/', 2)];
    const all = [
      shown(11, { type: 1, value: '10.0.0.1' }),
      shown(12, { type: 3, value: 'http://a/' }),
      shown(13, { type: 3, value: 'a' }),
    ];
    expect(paired('artifacts', objects, all)).toEqual({
      pairs: [
        [1, 11],
        [2, 12, 13],
      ],
      lacking: [],
      strays: [],
    });
  });

  it('is removed where it does not show of which artifact it was made', () => {
    const objects = [artifact(3, 'A', 1), artifact(3, 'B', 2), artifact(3, 'c', 3), artifact(1, 'd', 4)];
    const all = [
      shown(11, { type: 3, value: 'a' }),
      shown(12, { type: 3, value: 'b' }),
      shown(13, { type: 3, value: 'c' }),
    ];
    expect(paired('artifacts', objects, all)).toEqual({ pairs: [[3, 13]], lacking: [1, 2, 4], strays: [11, 12] });
  });
});
