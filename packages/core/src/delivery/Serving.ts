import type { FeedEvent } from '../contract/FeedEvent.js';
import type { DeliverContext } from '../contract/FeedTarget.js';
import { StoppingError } from '../contract/errors.js';
import type { Lane } from '../lanes/Lane.js';
import type { LaneRun, Lanes } from '../lanes/Lanes.js';
import { metricNames } from '../telemetry/metrics.js';
import { attempt } from './attempt.js';
import type { Attempted } from './attempt.js';
import { refusalOf } from '../trouble/classify.js';
import type { Conclusion } from './Conclusion.js';
import type { Ending } from './Ending.js';
import { facts } from './facts.js';
import type { Entry } from './Entry.js';
import type { FeedOptions } from './FeedOptions.js';
import type { FeedServices } from './FeedServices.js';
import type { Gate } from './Gate.js';
import { RunTaker } from './RunTaker.js';
import { Slots } from './Slots.js';
import { tracedAttempt } from './tracedAttempt.js';
import type { Pauses } from '../source/patience/Pauses.js';
import type { Supervisor } from './Supervisor.js';
import type { Width } from './Width.js';

/** 1.5 runs per slot: some are looked up, or wait for a slot, while others use the slots. */
const CONTENDING = 1.5;

/** Two more per slot, while as many wait aside: a commit may take twice as long as a request, and no slot is idle. */
const ASIDE = 2;

/** A disk takes as many commits as ever, however few requests the target's server takes: as many as for so many slots. */
const ASIDE_AS_FOR = 16;

/** The parts of a feed that a run passes through, and what the feed itself provides. */
export interface ServingParts {
  readonly lanes: Lanes<Entry>;
  readonly supervisor: Supervisor;
  readonly width: Width;
  readonly gate: Gate;
  readonly conclusion: Conclusion;
  readonly ending: Ending;
  readonly waits: Pauses<Entry>;
  /** Aborted once the stop has parked the rest: nothing goes to the target after that. */
  readonly signal: AbortSignal;
  /** Resolves after so many ms, or when `signal` is aborted. */
  readonly rest: (ms: number) => Promise<void>;
  /** Hears of every event that was delivered or skipped, before the next one of its lane is served. */
  readonly onEnd: (event: FeedEvent) => Promise<void>;
  /** Called after every run, and when another one may begin. */
  readonly onRound: () => void;
}

/** Takes runs from the lanes, passes each through gate, delivery and conclusion, and frees its lane or lets it rest. */
export class Serving {
  private readonly slots: Slots;
  private readonly taker: RunTaker<Entry>;
  /** When resting lanes go on; ms, steady. */
  private readonly restsUntil = new Map<Lane<Entry>, number>();
  private active = 0;

  constructor(
    private readonly feed: string,
    private readonly services: FeedServices,
    private readonly options: FeedOptions,
    private readonly parts: ServingParts,
  ) {
    this.slots = new Slots(
      () => parts.width.now,
      () => parts.onRound(),
    );
    const { batch } = services.target.capabilities;
    this.taker = new RunTaker(parts.lanes, batch, parts.rest, () => this.pump());
  }

  /** Runs under way. */
  get underWay(): number {
    return this.active;
  }

  /** How many runs may be under way now. */
  get mostNow(): number {
    const slots = this.parts.width.now;
    const aside = Math.max(slots, Math.min(this.options.concurrency, ASIDE_AS_FOR)) * ASIDE;
    return Math.floor(slots * CONTENDING) + Math.min(this.slots.lent, aside);
  }

  /** Resolves when nothing is under way; while runs begin or hang, after the longest time of a delivery. */
  async quiet(): Promise<void> {
    const { clock } = this.services;
    const deadline = clock.steadyMs() + this.options.deliverTimeoutMs;
    while (this.active > 0 && clock.steadyMs() < deadline) await clock.sleep(20);
  }

  /** How many lanes rest beyond the deadline; ms, steady. */
  restingBeyond(deadlineMs: number): number {
    return [...this.restsUntil.values()].filter((untilMs) => untilMs > deadlineMs).length;
  }

  /** Serves whatever may be served now. */
  pump(): void {
    while (this.parts.supervisor.up && !this.parts.signal.aborted && this.mayServe) {
      const runs = this.taker.take();
      if (runs === undefined) return;
      this.active += 1;
      void this.serve(runs);
    }
  }

  private async serve(runs: readonly LaneRun<Entry>[]): Promise<void> {
    const entries = runs.flatMap((run) => run.entries);
    const rests = new Map<Entry, number>();
    const notEnded = (entry: Entry, error: unknown): Promise<void> => this.notEnded(entry, error, rests);
    try {
      const admitted = await this.parts.gate.admit(entries, notEnded);
      if (admitted.length > 0)
        await this.deliver(
          admitted,
          rests,
          runs.every(({ lane }) => lane.isYielding),
        );
    } catch (error) {
      for (const entry of entries) await notEnded(entry, error);
    } finally {
      this.active -= 1;
      for (const run of runs) this.release(run, rests);
      this.parts.onRound();
    }
  }

  private async deliver(entries: readonly Entry[], rests: Map<Entry, number>, yields: boolean): Promise<void> {
    const { target, clock, metrics, log } = this.services;
    const events = await this.timed(entries);
    const slot = await this.slots.enter(yields);
    // The host stopped while it waited for a slot: its events have rows, or come again.
    if (this.parts.signal.aborted) return slot.close();
    // While its machine stood still, another host may have taken its place.
    await this.services.parking.assertOurs().catch((error: unknown) => {
      slot.close();
      throw error;
    });
    const { generation } = this.parts.supervisor;
    const startedAt = clock.steadyMs();
    const attempts = Math.max(...entries.map((entry) => entry.attempts)) + 1;
    const more = { ...(yields ? { yields } : {}), ...this.followingOf(entries) };
    const told = { attempt: attempts, log, aside: slot.aside, ...more };
    const limits = { timeoutMs: this.options.deliverTimeoutMs, signal: this.parts.signal };
    const attempted = await tracedAttempt(this.feed, entries, () => attempt(target, events, told, limits)).finally(() =>
      slot.close(),
    );
    metrics.count(metricNames.attempts, { feed: this.feed }, entries.length);
    metrics.observe(metricNames.deliverySeconds, (clock.steadyMs() - startedAt) / 1000, { feed: this.feed });
    for (const [at, entry] of entries.entries()) {
      try {
        const next = await this.parts.conclusion.draw(entry, attempted[at] as Attempted, generation);
        if (!next.ended) rests.set(entry, next.restMs);
        else if (next.applied) await this.parts.onEnd(entry.event);
      } catch (error) {
        await this.notEnded(entry, error, rests);
      }
    }
  }

  private followingOf(entries: readonly Entry[]): Pick<DeliverContext, 'following'> {
    const following = entries.flatMap((entry) => entry.following);
    return following.length === 0 ? {} : { following: () => this.parts.gate.wouldPass(following) };
  }

  /** As the target wants them. */
  private async timed(entries: readonly Entry[]): Promise<readonly FeedEvent[]> {
    const events = entries.map((entry) => entry.event);
    const { target, source } = this.services;
    if (target.capabilities.timeSeries !== true || source.timed === undefined) return events;
    return Promise.all(events.map(async (event) => (await source.timed?.(event)) ?? event));
  }

  /** The host is stopping, the source is away or refuses one object, or there is a bug: the entry has not ended. */
  private async notEnded(entry: Entry, error: unknown, rests: Map<Entry, number>): Promise<void> {
    const refusal = refusalOf(error);
    if (!this.parts.lanes.entriesOf(entry.event.key.incidentId).includes(entry)) {
      if (refusal !== undefined)
        this.services.log.error(`A bug was met after an event had ended: ${refusal.message}`, {
          ...facts(entry.event),
          error,
        });
      return;
    }
    if (error instanceof StoppingError) return this.parts.ending.refused(entry, error);
    if (refusal === undefined) {
      rests.set(entry, this.parts.waits.begin(entry, error, facts(entry.event)));
      return;
    }
    const failed = { state: 'failed', ...refusal, attempts: entry.charge() } as const;
    await this.parts.ending.parked(entry, failed).catch((fault: unknown) => this.parts.ending.refused(entry, fault));
  }

  /** A resting lane keeps its events in place; its slot is free for other lanes. */
  private release({ lane }: LaneRun<Entry>, rests: ReadonlyMap<Entry, number>): void {
    const restMs = Math.max(0, ...lane.all().map((entry) => rests.get(entry) ?? 0));
    if (restMs === 0) {
      this.parts.lanes.finish(lane);
      return;
    }
    this.restsUntil.set(lane, this.services.clock.steadyMs() + restMs);
    void this.parts.rest(restMs).then(() => {
      this.restsUntil.delete(lane);
      this.parts.lanes.finish(lane);
      this.pump();
    });
  }

  /** Deliveries stop while the store takes nothing, so that the events it has not taken stay few. */
  private get mayServe(): boolean {
    return this.active < this.mostNow && this.parts.ending.unsettled < this.options.concurrency * 4;
  }
}
