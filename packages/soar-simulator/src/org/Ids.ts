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
}
