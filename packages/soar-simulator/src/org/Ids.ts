export type IdKind = 'incident' | 'task' | 'note' | 'artifact' | 'attachment' | 'milestone' | 'row' | 'invocation';

/** Where each kind of object starts to count in an org with idBase 0. */
const first: Record<IdKind, number> = {
  incident: 2001,
  task: 2_250_001,
  note: 901,
  artifact: 71,
  attachment: 331,
  milestone: 31,
  row: 27,
  invocation: 80,
};

/** Ascending ids, one series per kind of object. */
export class Ids {
  private readonly counts = { ...first };

  constructor(private readonly idBase: number) {}

  next(kind: IdKind): number {
    return this.idBase + this.counts[kind]++;
  }

  /** What `next` will give. */
  get upcoming(): Record<IdKind, number> {
    const entries = Object.entries(this.counts).map(([kind, count]) => [kind, this.idBase + count]);
    return Object.fromEntries(entries) as Record<IdKind, number>;
  }

  /** Goes on from there. A message that is out already keeps its number, so `objects` leaves those of invocations alone. */
  goBackTo(upcoming: Readonly<Record<IdKind, number>>, which: 'objects' | 'all' = 'objects'): void {
    const { invocation } = this.counts;
    for (const [kind, id] of Object.entries(upcoming)) this.counts[kind as IdKind] = id - this.idBase;
    if (which === 'objects') this.counts.invocation = invocation;
  }
}
