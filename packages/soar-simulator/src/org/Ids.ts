export type IdKind =
  'incident' | 'task' | 'note' | 'artifact' | 'attachment' | 'milestone' | 'email' | 'row' | 'invocation';

/** The first id of each kind in an org with idBase 0. */
const first: Record<IdKind, number> = {
  incident: 2001,
  task: 2_250_001,
  note: 901,
  artifact: 71,
  attachment: 331,
  milestone: 31,
  email: 11,
  row: 27,
  invocation: 80,
};

/** Ascending ids, one series for each kind of object. */
export class Ids {
  private readonly counts = { ...first };

  constructor(private readonly idBase: number) {}

  next(kind: IdKind): number {
    return this.idBase + this.counts[kind]++;
  }

  /** What `next` will return. */
  get upcoming(): Record<IdKind, number> {
    const entries = Object.entries(this.counts).map(([kind, count]) => [kind, this.idBase + count]);
    return Object.fromEntries(entries) as Record<IdKind, number>;
  }

  /**
   * Continues from these ids. A message that was already sent keeps its number, so `objects` does not touch the ids of
   * invocations.
   */
  goBackTo(upcoming: Readonly<Record<IdKind, number>>, which: 'objects' | 'all' = 'objects'): void {
    const { invocation } = this.counts;
    for (const [kind, id] of Object.entries(upcoming)) this.counts[kind as IdKind] = id - this.idBase;
    if (which === 'objects') this.counts.invocation = invocation;
  }
}
