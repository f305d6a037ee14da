import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LaneRun } from '../../src/lanes/Lanes.js';
import { Lanes } from '../../src/lanes/Lanes.js';

/** `7` is the seventh entry that was pushed. */
interface Entry {
  readonly number: number;
  readonly incident: number;
}

/** A run that was taken and is not over, and its entries that have not ended. */
interface Run {
  readonly run: LaneRun<Entry>;
  left: readonly Entry[];
}

const numbers = (entries: Iterable<Entry>): readonly number[] => [...entries].map(({ number }) => number);
const sorted = (entries: Iterable<Entry>): readonly number[] => [...numbers(entries)].sort((a, b) => a - b);

/** What lanes promise, kept in plain lists beside them; every step compares the two. */
class Checked {
  readonly lanes = new Lanes<Entry>();
  readonly runs: Run[] = [];
  /** Entries that have not ended, in order of arrival. */
  alive: readonly Entry[] = [];
  /** How often each was started, and how often given back. */
  readonly starts = new Map<Entry, number>();
  readonly givenBack = new Map<Entry, number>();
  /** Incidents in the order in which they got work that no run holds. */
  private turn: readonly number[] = [];
  private pushed = 0;

  push(incident: number): void {
    const entry = { number: (this.pushed += 1), incident };
    this.alive = [...this.alive, entry];
    this.lanes.push(incident, entry);
    this.queueUp(incident);
    this.check();
  }

  take(most: number): boolean {
    const run = this.lanes.take(most);
    const [next] = this.turn;
    expect(run?.lane.incidentId).toBe(next);
    if (run === undefined || next === undefined) return false;
    this.turn = this.turn.slice(1);
    expect(this.runs.some((other) => other.run.lane.incidentId === next)).toBe(false);
    // The oldest entries of its incident, in order, and no others.
    expect(numbers(run.entries)).toEqual(numbers(this.of(next).slice(0, most)));
    for (const entry of run.entries) {
      this.starts.set(entry, (this.starts.get(entry) ?? 0) + 1);
      expect(this.starts.get(entry)).toBe(1 + (this.givenBack.get(entry) ?? 0));
    }
    this.runs.push({ run, left: run.entries });
    this.check();
    return true;
  }

  /** An event ends: one of a run, or one that waits (it grew old and was parked). */
  remove(entry: Entry): void {
    this.alive = this.alive.filter((other) => other !== entry);
    for (const run of this.runs) run.left = run.left.filter((other) => other !== entry);
    this.lanes.remove(entry.incident, entry);
    if (this.of(entry.incident).length === 0) this.turn = this.turn.filter((other) => other !== entry.incident);
    this.check();
  }

  finish(at: number): void {
    const [{ run, left }] = this.runs.splice(at, 1) as [Run];
    for (const entry of left) this.givenBack.set(entry, (this.givenBack.get(entry) ?? 0) + 1);
    this.lanes.finish(run.lane);
    this.queueUp(run.lane.incidentId);
    this.check();
  }

  private of(incident: number): readonly Entry[] {
    return this.alive.filter((entry) => entry.incident === incident);
  }

  private queueUp(incident: number): void {
    const held = this.runs.some(({ run }) => run.lane.incidentId === incident);
    if (!held && this.of(incident).length > 0 && !this.turn.includes(incident)) this.turn = [...this.turn, incident];
  }

  private check(): void {
    const held = new Set(this.runs.flatMap(({ left }) => left));
    expect(this.lanes.size).toBe(this.alive.length);
    expect(sorted(this.lanes.entries())).toEqual(numbers(this.alive));
    expect(sorted(this.lanes.waiting())).toEqual(numbers(this.alive.filter((entry) => !held.has(entry))));
    const busy = new Set([
      ...this.alive.map(({ incident }) => incident),
      ...this.runs.map(({ run }) => run.lane.incidentId),
    ]);
    expect(this.lanes.lanes).toBe(busy.size);
    for (const incident of [1, 2, 3]) expect(this.lanes.has(incident)).toBe(busy.has(incident));
  }
}

const step = fc.record({
  kind: fc.constantFrom('push', 'push', 'take', 'take', 'end', 'end', 'end-waiting', 'finish'),
  choice: fc.nat(1_000),
});

function play(checked: Checked, { kind, choice }: { readonly kind: string; readonly choice: number }): void {
  const one = <T>(of: readonly T[]): T | undefined => of[choice % Math.max(1, of.length)];
  const held = checked.runs.flatMap(({ left }) => left);
  const entry = one(kind === 'end' ? held : checked.alive.filter((each) => !held.includes(each)));
  if (kind === 'push') checked.push(1 + (choice % 3));
  else if (kind === 'take') checked.take(1 + (choice % 3));
  else if (kind === 'finish' && checked.runs.length > 0) checked.finish(choice % checked.runs.length);
  else if (kind !== 'finish' && entry !== undefined) checked.remove(entry);
}

/** Serves until nothing is left, as a feed does whose target accepts everything. */
function drain(checked: Checked): void {
  do {
    for (const entry of checked.runs.flatMap(({ left }) => left)) checked.remove(entry);
    while (checked.runs.length > 0) checked.finish(0);
  } while (checked.take(2));
}

describe('Lanes', () => {
  it('keep the order of each incident, start one run of it at a time and nothing twice, and lose nothing', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const checked = new Checked();
        for (const each of steps) play(checked, each);
        drain(checked);
        expect(checked.alive).toEqual([]);
        expect([checked.lanes.size, checked.lanes.lanes]).toEqual([0, 0]);
      }),
      { numRuns: 200 },
    );
  });

  it('start nothing of an incident between the end of its event and the end of that run', () => {
    const checked = new Checked();
    checked.push(1);
    checked.take(1);
    checked.remove(checked.alive[0] as Entry);
    checked.push(1);
    expect(checked.take(1)).toBe(false);
    checked.finish(0);
    expect(checked.take(1)).toBe(true);
    // The first run is over: nothing of it can free the lane under the second.
    expect(checked.take(1)).toBe(false);
  });

  it('start again, in order, what a run gives back', () => {
    const checked = new Checked();
    for (let count = 1; count <= 3; count += 1) checked.push(1);
    checked.take(3);
    checked.remove(checked.alive[1] as Entry);
    checked.push(1);
    checked.finish(0);
    checked.take(4);
    expect(numbers(checked.runs[0]?.left ?? [])).toEqual([1, 3, 4]);
  });
});
