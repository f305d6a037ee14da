import { logLengths, tearOff } from '../machine/Remains.js';
import type { Effect } from '../virtual/Machine.js';
import { Plans } from './Plans.js';

interface Planned {
  readonly effect: number;
  readonly downMs: number;
  readonly torn: boolean;
}

/** When the process is to be killed. */
export class Crashes {
  private readonly planned = new Plans<Planned>();
  private tearing: { readonly downMs: number; readonly before: ReadonlyMap<string, number> } | undefined;

  constructor(
    private readonly files: readonly string[],
    /** How much of a torn commit was written, 0 ≤ x < 1. */
    private readonly part: () => number,
  ) {}

  plan(crash: Planned): void {
    this.planned.add(crash);
  }

  /** Hears of every effect of the process, with its number; says whether it dies there. */
  at(
    number: number,
    effect: Effect,
    when: 'before' | 'after',
  ): { readonly where: string; readonly downMs: number } | undefined {
    if (this.tearing !== undefined) {
      const { downMs, before } = this.tearing;
      this.tearing = undefined;
      tearOff(before, this.part());
      return { where: 'in a commit', downMs };
    }
    const isCommit = effect === 'commit' && when === 'before';
    const crash = this.planned.due(number, ({ torn }) => isCommit || !torn);
    if (crash === undefined) return undefined;
    if (!crash.torn) return { where: `${when} ${effect}`, downMs: crash.downMs };
    // Nothing else happens before this commit has ended.
    this.tearing = { downMs: crash.downMs, before: logLengths(this.files) };
    return undefined;
  }
}
