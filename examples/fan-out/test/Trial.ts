import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { demoOrgs, runWorkload, seedIncidents } from '@soar-feed/soar-simulator';
import { EveryTarget } from './EveryTarget.js';

/** The feeds that have no trouble in any trial. */
export const STEADY = ['archive', 'reports', 'search', 'topic', 'events'] as const;

/** Of notes from their making at the source to their durable arrival, ms. */
export type Latency = Readonly<Record<(typeof STEADY)[number], { readonly p50: number; readonly p99: number }>>;

export interface TrialOptions {
  readonly incidents: number;
  readonly operations: number;
  /** The webhook's receiver is away a third of the time, and the replica's server fails every tenth request. */
  readonly isTroubled: boolean;
}

const PER_SECOND = 5;
const WITHIN_MS = 600_000;
/** The receiver is away for the first third of every period, ms. */
const PERIOD_MS = 6_000;

/** A reload and live work, from an empty state until every destination equals the source. */
export class Trial {
  static async run(options: TrialOptions): Promise<Latency> {
    const every = await EveryTarget.start(demoOrgs());
    try {
      return await new Trial(options, every).run();
    } finally {
      await every.stop();
    }
  }

  /** When each note was made that is measured. */
  private readonly madeAt = new Map<number, number>();

  private constructor(
    private readonly options: TrialOptions,
    private readonly every: EveryTarget,
  ) {}

  private async run(): Promise<Latency> {
    const { every } = this;
    const { run } = every;
    const over = new AbortController();
    try {
      seedIncidents(run.source, { incidents: this.options.incidents });
      const trouble = this.options.isTroubled ? this.trouble(over.signal) : undefined;
      await run.run();
      await run.until('the reload ends', () => run.log.includes('reload.finished'), WITHIN_MS);
      // What is measured must not queue behind the reload.
      await every.equal(STEADY);
      await this.work();
      await run.answered();
      over.abort();
      await trouble;
      await every.equal();
      expect(await run.end()).toBe(0);
      expect(run.log).not.toContain('top-secret');
      return Object.fromEntries(STEADY.map((feed) => [feed, this.latency(feed)])) as Latency;
    } finally {
      over.abort();
    }
  }

  private async work(): Promise<void> {
    const { source } = this.every;
    const incidents = source.incidentIds();
    let count = 0;
    await runWorkload(source, {
      operations: this.options.operations,
      perSecond: PER_SECOND,
      onOperation: () => {
        const there = source.incidentIds();
        const open = incidents.filter((id) => there.includes(id));
        const incidentId = open[(count += 1) % open.length] as number;
        if (count % 3 === 0) this.madeAt.set(source.addNote({ incidentId }, `Measured ${count}`).id, Date.now());
      },
    });
  }

  private async trouble(over: AbortSignal): Promise<void> {
    const { receiver } = this.every.hook;
    const failing = this.every.run.simulator.faults.add({ org: 202, status: 503, probability: 0.1 });
    while (!over.aborted) {
      await receiver.stop();
      await sleep(PERIOD_MS / 3, undefined, { signal: over }).catch(() => undefined);
      await receiver.listen();
      await sleep((PERIOD_MS * 2) / 3, undefined, { signal: over }).catch(() => undefined);
    }
    failing.remove();
    expect(failing.hits).toBeGreaterThan(this.options.operations / 20);
  }

  private latency(feed: string): { p50: number; p99: number } {
    // The workload edits notes, too: what counts is the first arrival.
    const arrivals = new Map<number, number>();
    for (const { msg, feed: at, type, objectId, time } of this.every.run.lines) {
      const id = Number(objectId);
      const made = this.madeAt.get(id);
      if (msg !== 'delivered' || at !== feed || type !== 'note' || made === undefined || arrivals.has(id)) continue;
      arrivals.set(id, Date.parse(String(time)) - made);
    }
    const sorted = [...arrivals.values()].sort((a, b) => a - b);
    expect(sorted.length).toBeGreaterThan(this.madeAt.size * 0.8);
    const at = (share: number): number =>
      sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] as number;
    return { p50: at(0.5), p99: at(0.99) };
  }
}
