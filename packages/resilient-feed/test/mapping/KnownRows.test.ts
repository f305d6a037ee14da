import { describe, expect, it } from '@jest/globals';
import { keyText } from '@soar-feed/core';
import type { ObjectKey } from '@soar-feed/core';
import { KnownRows } from '../../src/mapping/KnownRows.js';
import type { Mapping } from '../../src/mapping/Mapping.js';

const keyOf = (incidentId: number, objectId = incidentId): ObjectKey => ({
  orgId: 201,
  incidentId,
  type: objectId === incidentId ? 'incident' : 'note',
  objectId,
});

function rowOf(source: ObjectKey, fields: number): Mapping {
  const digests = Object.fromEntries(Array.from({ length: fields }, (_, at) => [`field_${at}`, 'digest']));
  return { source, state: 'active', digests, flags: {}, verified: true };
}

/** Rows as a database would give them, and which incidents were read. */
function knownRows(rowsIn: (incidentId: number) => readonly Mapping[], maxWeight?: number) {
  const read: number[] = [];
  const rows = new KnownRows(async ({ incidentId }) => {
    read.push(incidentId);
    return new Map(rowsIn(incidentId).map((row) => [keyText(row.source), row]));
  }, maxWeight);
  return { rows, read };
}

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at + 1);

describe('KnownRows', () => {
  it('keeps some incidents without rows, not all that ever came', async () => {
    const { rows, read } = knownRows(() => [], 1_000);
    for (const id of range(5_000)) await rows.of(keyOf(id));
    read.length = 0;
    for (const id of [...range(5_000)].reverse()) await rows.of(keyOf(id));
    expect(5_000 - read.length).toBe(100);
  });

  it('keeps some hundred incidents unless it is told otherwise: a reload passes all of them only once', async () => {
    const rowsIn = (id: number) => range(18).map((at) => rowOf(keyOf(id, 10_000 * id + at), 12));
    const { rows, read } = knownRows(rowsIn);
    for (const id of range(1_000)) await rows.of(keyOf(id));
    read.length = 0;
    for (const id of [...range(1_000)].reverse()) await rows.of(keyOf(id));
    expect(1_000 - read.length).toBeGreaterThan(200);
    expect(1_000 - read.length).toBeLessThan(500);
  });

  it.each([
    [0, 50],
    [90, 9],
    [490, 1],
  ])('keeps fewer rows the more they hold: with %d fields %d', async (fields, kept) => {
    const { rows, read } = knownRows((id) => [rowOf(keyOf(id), fields)], 1_000);
    for (const id of range(200)) await rows.of(keyOf(id));
    read.length = 0;
    for (const id of [...range(200)].reverse()) await rows.of(keyOf(id));
    expect(200 - read.length).toBe(kept);
  });

  it('weighs a row that is put again once', async () => {
    const { rows, read } = knownRows(() => [], 1_000);
    await rows.of(keyOf(1));
    for (let times = 0; times < 100; times += 1) await rows.put(rowOf(keyOf(2), 90), Promise.resolve());
    await rows.of(keyOf(1));
    expect(read).toEqual([1, 2]);
    for (const id of [3, 4, 5, 6, 7, 8, 9, 10, 11]) await rows.put(rowOf(keyOf(id), 90), Promise.resolve());
    read.length = 0;
    for (const id of [1, 2]) await rows.of(keyOf(id));
    expect(read).toEqual([2]);
  });
});
