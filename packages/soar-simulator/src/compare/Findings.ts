import { writeJson } from '../json/writeJson.js';
import type { DumpIncident, DumpObject } from '../dump/OrgDump.js';
import type { Comparison, Difference, Finding, TypeCount } from './Comparison.js';
import type { InherentDifference } from './inherentDifferences.js';

/** What a comparison has found so far. A trial comparison gets its own findings, which are thrown away. */
export class Findings {
  readonly missing: Finding[] = [];
  readonly doubled: Finding[] = [];
  readonly different: Difference[] = [];
  readonly counts: Record<string, TypeCount> = {};
  readonly explained: Partial<Record<InherentDifference, number>> = {};

  constructor(private readonly incident?: DumpIncident) {}

  get clean(): boolean {
    return this.missing.length + this.doubled.length + this.different.length === 0;
  }

  addMissing(type: string, object: DumpObject): void {
    this.missing.push(this.finding(type, object));
  }

  addDoubled(type: string, object: DumpObject): void {
    this.doubled.push(this.finding(type, object));
  }

  addDifference(
    type: string,
    pair: readonly [DumpObject, DumpObject],
    field: string,
    values: [unknown, unknown],
  ): void {
    const [object, counterpart] = pair;
    const [source, target] = shortenPair(writeJson(values[0] ?? null), writeJson(values[1] ?? null));
    this.different.push({ ...this.finding(type, object), targetId: counterpart.id, field, source, target });
  }

  explain(why: InherentDifference, times = 1): void {
    this.explained[why] = (this.explained[why] ?? 0) + times;
  }

  count(type: string, which: keyof TypeCount, by = 1): void {
    if (by === 0 && !this.counts[type]) return;
    const count = (this.counts[type] ??= { source: 0, target: 0, sourceOnly: 0, targetOnly: 0 });
    count[which] += by;
  }

  take(other: Findings): void {
    this.missing.push(...other.missing);
    this.doubled.push(...other.doubled);
    this.different.push(...other.different);
    for (const [why, count] of Object.entries(other.explained) as [InherentDifference, number][]) {
      this.explain(why, count);
    }
    for (const [type, count] of Object.entries(other.counts)) {
      for (const [which, by] of Object.entries(count) as [keyof TypeCount, number][]) this.count(type, which, by);
    }
  }

  result(): Comparison {
    const { clean, missing, doubled, different, counts, explained } = this;
    return { identical: clean, missing, doubled, different, counts, explained };
  }

  private finding(type: string, object: DumpObject): Finding {
    const incident = this.incident ?? object;
    return {
      incident: shorten(String(incident.labels['name'] ?? '')),
      incidentId: incident.id,
      type,
      object: shorten(nameOf(object.labels)),
      objectId: object.id,
    };
  }
}

function nameOf(labels: Record<string, unknown>): string {
  const named = labels['name'] ?? labels['title'] ?? labels['value'] ?? labels['text'] ?? labels['cells'];
  return typeof named === 'string' ? named : writeJson(named ?? null);
}

function shorten(text: string, width = 80): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}

/** Cuts long values around the place where they start to differ. */
function shortenPair(source: string, target: string): [string, string] {
  const width = 120;
  let same = 0;
  while (same < source.length && source[same] === target[same]) same += 1;
  const from = Math.max(0, same - 40);
  const cut = (text: string) =>
    text.length <= width ? text : (from > 0 ? '…' : '') + shorten(text.slice(from), width);
  return [cut(source), cut(target)];
}
