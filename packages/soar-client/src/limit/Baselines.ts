/** Nobody who waits for a server notices whether it takes this long or less, ms: below it, latency does not count as grown. */
const UNNOTICED_MS = 20;

/** One request counts as at most this many times its baseline: a single slow one says little about a server. */
const MOST = 3;

/** The baseline of a kind of request is known after this many. */
const ENOUGH = 5;

/** From here on, each further request moves the baseline by this share. */
const LEAST_WEIGHT = 0.05;

/** Kinds remembered; the rest count as one. */
const MOST_KINDS = 200;

interface Baseline {
  ms: number;
  seen: number;
}

/**
 * How long each kind of request takes while the server is not under load, and how many times as long one took now. A new
 * incident takes longer than a note: without the kinds, another mix of requests would pass for load.
 */
export class Baselines {
  private readonly byKind = new Map<string, Baseline>();

  /**
   * How many times its baseline a request took. `undefined` while the baseline is not known: the request then helps to find
   * it. `load`: how many times their baselines requests take at present.
   */
  ratio(kind: string, ms: number, load: number): number | undefined {
    const baseline = this.of(kind);
    if (baseline.seen < ENOUGH) {
      this.learn(kind, ms / Math.max(1, load));
      return undefined;
    }
    return Math.min(MOST, Math.max(ms, UNNOTICED_MS) / Math.max(baseline.ms, UNNOTICED_MS));
  }

  /** The request was answered by a server that is not under load. */
  learn(kind: string, ms: number): void {
    const baseline = this.of(kind);
    baseline.seen += 1;
    baseline.ms += (ms - baseline.ms) * Math.max(1 / baseline.seen, LEAST_WEIGHT);
  }

  /** The server takes `by` times as long as before, whatever the load. */
  scale(by: number): void {
    for (const baseline of this.byKind.values()) baseline.ms *= by;
  }

  private of(kind: string): Baseline {
    const name = this.byKind.has(kind) || this.byKind.size < MOST_KINDS ? kind : '';
    const known = this.byKind.get(name) ?? { ms: 0, seen: 0 };
    this.byKind.set(name, known);
    return known;
  }
}
