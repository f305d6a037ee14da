/**
 * The highest incident id up to which everything has settled, although incidents end in any order. Incidents must begin in
 * ascending order.
 */
export class Watermark {
  /** Begun and not yet passed, ascending (insertion order). */
  private readonly open = new Set<number>();
  private highest: number | undefined;

  begin(incidentId: number): void {
    this.open.add(incidentId);
    this.highest = incidentId;
  }

  pass(incidentId: number): void {
    this.open.delete(incidentId);
  }

  /** `undefined` before anything has settled. */
  get settledUpTo(): number | undefined {
    const [first] = this.open;
    return first === undefined ? this.highest : first - 1;
  }
}
