import { describe, expect, it } from '@jest/globals';
import { keyText } from '@soar-feed/core';
import { sharing, standing, targetIds } from '../../src/mapping/Mapping.js';
import type { Mapping } from '../../src/mapping/Mapping.js';
import { typeNames, typeOf } from '../../src/mapping/table/typeNames.js';

const row = (objectId: number, more: Partial<Mapping> = {}, type = 'artifact'): Mapping => ({
  source: { orgId: 201, incidentId: 7, type, objectId },
  ...{ state: 'active', digests: {}, flags: {}, verified: true },
  target: { incidentId: 1007, objectId: 1000 + objectId },
  ...more,
});
const rowsOf = (...rows: readonly Mapping[]) => new Map(rows.map((one) => [keyText(one.source), one]));
const withoutTarget = ({ target: _, ...rest }: Mapping): Mapping => rest;

describe('the rows of an incident', () => {
  it('stand if they are active, verified and in the target, by type', () => {
    const rows = rowsOf(
      row(1),
      row(2, { state: 'deleted' }),
      row(3, { verified: false }),
      withoutTarget(row(4)),
      row(5, {}, 'note'),
      row(6),
    );
    expect(standing(rows, 'artifact').map(({ source }) => source.objectId)).toEqual([1, 6]);
    expect(standing(rows, 'note').map(({ source }) => source.objectId)).toEqual([5]);
  });

  it('share an object of the target with other active rows of their type', () => {
    const rows = rowsOf(
      row(1),
      row(2, { target: { incidentId: 1007, objectId: 1001 } }),
      row(3, { target: { incidentId: 1007, objectId: 5, extraIds: [6, 1001] } }),
      row(4, { target: { incidentId: 1007, objectId: 1001 }, state: 'deleted' }),
      row(5, { target: { incidentId: 1007, objectId: 1001 } }, 'note'),
      row(6),
      withoutTarget(row(7)),
    );
    expect(sharing(rows, row(1).source, 1001).map(({ objectId }) => objectId)).toEqual([2, 3]);
    expect(sharing(rows, row(9).source, 6).map(({ objectId }) => objectId)).toEqual([3]);
    expect(sharing(rows, row(1).source, 99)).toEqual([]);
  });

  it('name all objects of the target that they stand for', () => {
    expect(targetIds(row(1))).toEqual([1001]);
    expect(targetIds(row(1, { target: { incidentId: 1007, objectId: 5, extraIds: [6, 7] } }))).toEqual([5, 6, 7]);
    expect(targetIds(withoutTarget(row(1)))).toEqual([]);
  });
});

describe('IBM’s names of types', () => {
  it.each([
    ['note', false, ['note', 'tasknote']],
    ['note', true, ['tasknote', 'note']],
    ['attachment', false, ['attachment', 'taskattachment']],
    ['attachment', true, ['taskattachment', 'attachment']],
    ['task', true, ['task']],
    ['hosts', false, ['hosts']],
  ])('of %s (of a task: %p), the one to write first', (type, ofTask, names) => {
    expect(typeNames(type, ofTask)).toEqual(names);
    expect(new Set(names.map(typeOf))).toEqual(new Set([type]));
  });
});
