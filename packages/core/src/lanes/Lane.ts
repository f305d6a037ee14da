/** The events of one incident, in arrival order; at most one run of them is under way. */
export class Lane<Entry> {
  readonly incidentId: number;
  private entries: Entry[] = [];
  private underWay = 0;
  private running = false;
  /** Entries that let no other lane go first. */
  private urgent = 0;

  constructor(
    incidentId: number,
    private readonly yields: (entry: Entry) => boolean = () => false,
  ) {
    this.incidentId = incidentId;
  }

  get length(): number {
    return this.entries.length;
  }

  get ready(): boolean {
    return !this.running && this.entries.length > 0;
  }

  get idle(): boolean {
    return !this.running && this.entries.length === 0;
  }

  /** All of its entries let others go first. One that does not makes way for those in front of it, too. */
  get isYielding(): boolean {
    return this.urgent === 0;
  }

  push(entry: Entry): void {
    this.entries.push(entry);
    if (!this.yields(entry)) this.urgent += 1;
  }

  /** Starts the head run: up to `most` entries, in order. They stay at the head until `finish`. */
  start(most: number): readonly Entry[] {
    const run = this.entries.slice(0, most);
    this.underWay = run.length;
    this.running = true;
    return run;
  }

  /** Removes `entry`, wherever it is. That does not free the lane: only the run under way does, when it is over. */
  remove(entry: Entry): void {
    const at = this.entries.indexOf(entry);
    if (at < 0) return;
    this.entries.splice(at, 1);
    if (!this.yields(entry)) this.urgent -= 1;
    if (at < this.underWay) this.underWay -= 1;
  }

  /** The run is over. Entries of it that remain stay at the head, for the next run. */
  finish(): void {
    this.underWay = 0;
    this.running = false;
  }

  /** Entries behind the run that is under way. */
  waiting(): readonly Entry[] {
    return this.entries.slice(this.underWay);
  }

  all(): readonly Entry[] {
    return this.entries;
  }
}
