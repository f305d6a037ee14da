import { describe, expect, it } from '@jest/globals';
import { keyText } from '../../src/contract/ObjectKey.js';
import type { ObjectKey } from '../../src/contract/ObjectKey.js';
import { PackedRows } from '../../src/parking/PackedRows.js';
import type { PackedRow } from '../../src/parking/PackedRows.js';

const STATES = ['waiting', 'deferred', 'failed', 'undecided', 'resync'] as const;
const TYPES = ['incident', 'task', 'note', 'hosts'];

/** The same numbers in every run. */
function numbers(): (below: number) => number {
  let state = 7;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
}

function randomKey(next: (below: number) => number): ObjectKey {
  const [orgId, incidentId, objectId] = [201 + next(2), 1 + next(12), 1 + next(20)];
  // Some ids are too large for 32 bits.
  return { orgId, incidentId, type: TYPES[next(4)] ?? '', objectId: next(5) === 0 ? objectId * 2 ** 40 : objectId };
}

describe('rows in columns of numbers', () => {
  it('holds what a map would hold, whatever comes and goes', () => {
    const next = numbers();
    const packed = new PackedRows();
    const rows = new Map<string, { readonly key: ObjectKey; readonly row: PackedRow }>();
    const wrong: string[] = [];
    for (let step = 0; step < 20_000; step += 1) {
      const key = randomKey(next);
      const name = keyText(key);
      const slot = packed.find(key);
      if ((slot !== undefined) !== rows.has(name)) wrong.push(name);
      if (slot === undefined) {
        const row = { state: STATES[next(5)] ?? 'failed', sinceMs: 1.7e12 + step, parent: next(3) };
        packed.add(key, row);
        rows.set(name, { key, row });
      } else if (next(3) > 0 || step > 18_000) {
        packed.remove(slot);
        rows.delete(name);
      }
      if (step % 2_000 === 0) compare(packed, rows);
    }
    expect(wrong).toEqual([]);
    compare(packed, rows);
    for (const { key } of [...rows.values()]) packed.remove(packed.find(key) as number);
    compare(packed, new Map());
  });

  it('takes less than a hundred bytes for a row, and gives them back', () => {
    const packed = new PackedRows();
    const rows = 20_000;
    const key = (at: number): ObjectKey => ({ orgId: 201, incidentId: at >> 3, type: 'note', objectId: at });
    for (let at = 0; at < rows; at += 1) packed.add(key(at), { state: 'deferred', sinceMs: at, parent: 0 });
    expect(bytesOf(packed) / rows).toBeLessThan(100);
    for (let at = 0; at < rows; at += 1) packed.remove(packed.find(key(at)) as number);
    expect(bytesOf(packed)).toBeLessThan(10_000);
  });

  it('finds the incidents of a range, however large it is', () => {
    const packed = new PackedRows();
    for (const incidentId of [3, 5, 9, 200])
      packed.add({ orgId: 201, incidentId, type: 'incident', objectId: 1 }, { state: 'failed', sinceMs: 0, parent: 0 });
    expect(packed.incidentsWithin(3, 5)).toEqual([3, 5]);
    expect(packed.incidentsWithin(5, Infinity)).toEqual([5, 9, 200]);
    expect(packed.incidentsWithin(10, 11)).toEqual([]);
  });
});

/** Of all its columns. */
function bytesOf(packed: PackedRows): number {
  const { columns } = packed as unknown as { readonly columns: object };
  return Object.values(columns)
    .filter((column): column is Int32Array => ArrayBuffer.isView(column))
    .reduce((sum, column) => sum + column.byteLength, 0);
}

function compare(packed: PackedRows, rows: ReadonlyMap<string, { readonly key: ObjectKey; readonly row: PackedRow }>) {
  const held = [...packed.slots()].map((slot) => [keyText(packed.key(slot)), packed.row(slot)] as const);
  expect(new Map(held)).toEqual(new Map([...rows].map(([name, { row }]) => [name, row])));
  expect(packed.size).toBe(rows.size);
  for (let incidentId = 0; incidentId < 14; incidentId += 1) {
    // In the order in which they came.
    const expected = [...rows.values()].filter(({ key }) => key.incidentId === incidentId).map(({ key }) => key);
    expect([...packed.slotsOf(incidentId)].map((slot) => packed.key(slot))).toEqual(expected);
  }
}
