import { Pauses } from '../source/patience/Pauses.js';
import type { PauseServices } from '../source/patience/Pauses.js';
import { LANE } from '../source/patience/policy.js';
import { facts } from './Ending.js';
import type { Entry } from './Entry.js';

/** Entries that rest in their lanes because the source does not give something now. None is kept beyond its end. */
export class SourceWaits {
  private readonly pauses: Pauses<Entry>;
  private readonly known = new WeakSet<Entry>();

  constructor(services: PauseServices) {
    this.pauses = new Pauses(LANE, services);
  }

  /** How long the entry rests, ms: longer each time. */
  begin(entry: Entry, error: unknown): number {
    if (!this.known.has(entry)) {
      this.known.add(entry);
      const end = (): void => this.pauses.end(entry);
      entry.ended.then(end, end);
    }
    return this.pauses.begin(entry, error, facts(entry.event));
  }
}
