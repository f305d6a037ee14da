import { within } from '@soar-feed/soar-client';
import type { FeedTarget } from '../contract/FeedTarget.js';
import type { Logger } from '../contract/Logger.js';
import type { FeedEvent } from '../contract/FeedEvent.js';
import { isIncident, keyText } from '../contract/ObjectKey.js';
import type { ObjectKey } from '../contract/ObjectKey.js';
import { mayLeave } from '../hierarchy/hierarchy.js';
import { ancestorsOf } from '../hierarchy/parentOf.js';
import type { Parking } from '../parking/Parking.js';
import type { Attempted } from './attempt.js';
import { backoffMs } from '../trouble/backoff.js';
import type { GivingUp, Verdict } from '../trouble/classify.js';
import { classify } from '../trouble/classify.js';
import type { Ending } from './Ending.js';
import { GONE } from './Ending.js';
import { facts } from './facts.js';
import type { Entry } from './Entry.js';
import type { Orphans } from '../source/Orphans.js';
import type { Pauses } from '../source/patience/Pauses.js';
import { SkippedObjects } from './SkippedObjects.js';
import type { Supervisor } from './Supervisor.js';
import type { Telling } from './Telling.js';

/**
 * What the entry does next. It has ended, parked or `applied` (delivered or skipped: what waits below it need not wait any
 * more); or it keeps its place in the lane and rests (0: until the feed is up again).
 */
export type Next =
  { readonly ended: true; readonly applied: boolean } | { readonly ended: false; readonly restMs: number };

type Retry = Extract<Verdict, { move: 'retry' }>;

/** A target that does not answer a health probe within this time, ms, is down. */
const HEALTH_WITHIN_MS = 30_000;

/** Rest before a target looks again, where it does not say when, ms. */
const LOOK_AGAIN_MS = 1_000;

const APPLIED: Next = { ended: true, applied: true };
const PARKED: Next = { ended: true, applied: false };
const KEEPS_PLACE: Next = { ended: false, restMs: 0 };

export interface ConclusionOptions {
  readonly maxAttempts: number;
  /** Longest pause that the target may ask for, ms. */
  readonly maxPauseMs: number;
  /** Aborted once the stop has parked the rest: failures after that mean nothing. */
  readonly signal: AbortSignal;
}

/** Decides what becomes of an event from the target's answer. */
export class Conclusion {
  private readonly skipped = new SkippedObjects();

  constructor(
    private readonly target: FeedTarget,
    private readonly supervisor: Supervisor,
    private readonly parking: Parking,
    private readonly ending: Ending,
    private readonly telling: Telling,
    private readonly orphans: Orphans,
    private readonly waits: Pauses<Entry>,
    private readonly log: Logger,
    private readonly options: ConclusionOptions,
  ) {}

  async draw(entry: Entry, { outcome, sourceFailure }: Attempted, generation: number): Promise<Next> {
    switch (outcome.status) {
      case 'delivered':
        if (isIncident(entry.event.key)) this.skipped.forget(entry.event.key.incidentId);
        await this.ending.delivered(entry, outcome, (error) => this.uncommitted(entry, error, generation));
        return APPLIED;
      case 'skipped':
        return this.skip(entry, outcome.reason);
      case 'waiting':
        return this.waiting(entry, outcome.on);
      case 'failed':
        if (this.options.signal.aborted) return KEEPS_PLACE;
        return sourceFailure === undefined
          ? this.failed(entry, outcome.error, generation)
          : this.sourceFailed(entry, outcome.error, sourceFailure);
    }
  }

  private async skip(entry: Entry, reason: string): Promise<Next> {
    this.skipped.add(entry.event.key);
    await this.ending.skipped(entry, reason);
    return APPLIED;
  }

  /** An object whose parent was skipped by design, or deleted, would wait for ever. */
  private async waiting(entry: Entry, on: ObjectKey): Promise<Next> {
    const parent = await this.parking.last(on);
    const was = parent?.deleted === true ? 'deleted' : parent?.outcome === 'skipped' ? 'skipped' : undefined;
    // With a row of its own, it may come yet.
    const lost = this.parking.index.has(on) ? undefined : was;
    // It was skipped in an earlier process, or before its incident was delivered, and the target waits for it now: it is fetched.
    const isOld = lost === 'skipped' && !this.skipped.has(on);
    // Others may live on without it, and are read again below; a deleted one may be at the destination even so.
    const isFetched = isOld && (entry.event.operation === 'delete' || !mayLeave(on.type));
    if (lost === undefined || isFetched) {
      await this.ending.parked(entry, { state: 'waiting', on });
      return PARKED;
    }
    const stands = lost === 'deleted' && entry.event.restored === true;
    const now = stands ? entry.event : await this.orphans.outliving(on, entry.event);
    // A skipped note may have been a frame that did not mention its replies; when read by itself, it does. An artifact that an
    // earlier run skipped is shown to the target once more: it may have forgotten that (its mapping was lost).
    const comes = lost === 'deleted' || on.type === 'note' || isOld;
    if (now === undefined || (!comes && waitsStill(now, on))) {
      return this.skip(entry, `its ${on.type} ${on.objectId} was ${lost}`);
    }
    entry.refresh(now);
    if (!waitsStill(now, on)) return KEEPS_PLACE;
    // It exists below a deleted object, which then is a frame or is back. Nobody brings that, so it is fetched.
    await this.ending.parked(entry, { state: 'waiting', on });
    return PARKED;
  }

  /** The source's own error decides, whatever the target made of it: a target may wrap it in any words. */
  private async sourceFailed(entry: Entry, error: Error, sourceFailure: unknown): Promise<Next> {
    const verdict = classify(sourceFailure);
    switch (verdict.move) {
      case 'gone':
        return this.skip(entry, GONE);
      case 'give-up': {
        entry.charge();
        const own = classify(error);
        return this.giveUp(entry, error, own.move === 'give-up' ? own : verdict);
      }
      case 'look-again':
      case 'pause':
      case 'retry':
        return { ended: false, restMs: this.waits.begin(entry, sourceFailure, facts(entry.event)) };
    }
  }

  private async failed(entry: Entry, error: Error, generation: number): Promise<Next> {
    const verdict = this.capped(await this.verdictOf(error));
    switch (verdict.move) {
      case 'pause': // no attempt is charged to an object for its feed's outage
        this.supervisor.lost(error, generation, verdict.retryAfterMs);
        return KEEPS_PLACE;
      case 'gone':
        return this.skip(entry, GONE);
      case 'retry':
        return this.afterTry(entry, error, verdict, generation);
      case 'look-again': // nothing was tried
        return { ended: false, restMs: backoffMs(1, verdict.retryAfterMs ?? LOOK_AGAIN_MS) };
      case 'give-up':
        entry.charge();
        return this.giveUp(entry, error, verdict);
    }
  }

  /** Before the last try counts against the object, the target is probed: maybe nothing gets through at all. */
  private async afterTry(entry: Entry, error: Error, verdict: Retry, generation: number): Promise<Next> {
    const isLast = entry.attempts + 1 >= this.options.maxAttempts;
    if (isLast && (await this.isDown())) {
      this.supervisor.lost(error, generation, verdict.retryAfterMs);
      return KEEPS_PLACE;
    }
    entry.charge();
    return isLast ? this.giveUp(entry, error, verdict) : this.again(entry, error, verdict);
  }

  private again(entry: Entry, error: Error, verdict: Retry): Next {
    const restMs = backoffMs(entry.attempts, verdict.retryAfterMs);
    const say = entry.attempts === 1 ? 'warn' : 'debug';
    const more = { ...facts(entry.event), code: verdict.code, attempt: entry.attempts };
    this.log[say](`The delivery failed and is tried again in ${restMs} ms: ${error.message}`, more);
    this.telling.retried(entry, verdict.code);
    return { ended: false, restMs: Math.max(1, restMs) };
  }

  private async giveUp(entry: Entry, error: Error, why: Omit<GivingUp, 'move'>): Promise<Next> {
    const { code } = why;
    if (why.undecided === true) {
      await this.ending.parked(entry, { state: 'undecided', message: error.message });
      return PARKED;
    }
    if (why.fault === true) this.log.error(`A bug in the target: ${error.message}`, { error });
    await this.ending.parked(entry, { state: 'failed', code, message: error.message, attempts: entry.attempts });
    return PARKED;
  }

  /**
   * The destination has the object, but the target could not commit its own record of it, so the event must come again;
   * after the target was reopened, if the target itself is in trouble.
   */
  private async uncommitted(entry: Entry, error: Error, generation: number): Promise<void> {
    const verdict = this.capped(classify(error));
    if (verdict.move === 'pause') {
      this.supervisor.lost(error, generation, verdict.retryAfterMs);
      await this.ending.parked(entry, { state: 'deferred' });
      return;
    }
    entry.charge();
    await this.giveUp(entry, error, verdict);
  }

  /** A destination may ask for a day of rest, mostly by mistake. */
  private capped(verdict: Verdict): Verdict {
    if (!('retryAfterMs' in verdict) || verdict.retryAfterMs === undefined) return verdict;
    return { ...verdict, retryAfterMs: Math.min(verdict.retryAfterMs, this.options.maxPauseMs) };
  }

  /** A 403 concerns the object alone, unless the target reports itself down. */
  private async verdictOf(error: Error): Promise<Verdict> {
    const verdict = classify(error);
    if (verdict.move !== 'give-up' || !isForbidden(error)) return verdict;
    return (await this.isDown()) ? { move: 'pause', code: verdict.code } : verdict;
  }

  /** What the target reports about itself; one without a health probe counts as up. */
  private async isDown(): Promise<boolean> {
    const { target } = this;
    if (target.health === undefined) return false;
    const ask = async (signal: AbortSignal): Promise<boolean> => (await target.health?.({ signal }))?.state === 'down';
    return within(HEALTH_WITHIN_MS, this.options.signal, ask, () => new Error('no answer')).catch(() => true);
  }
}

function waitsStill(event: FeedEvent, on: ObjectKey): boolean {
  return ancestorsOf(event).some((above) => keyText(above) === keyText(on));
}

function isForbidden(error: Error): boolean {
  const { status, cause } = error as { readonly status?: unknown; readonly cause?: { readonly status?: unknown } };
  return (status ?? cause?.status) === 403;
}
