import type { ServerFigures } from '@soar-feed/soar-client';
import type { DeliveryOutcome, DeliveryResult } from './DeliveryResult.js';
import type { Examination, ExamineContext } from './Examination.js';
import type { FeedEvent } from './FeedEvent.js';
import type { IncidentFilter, OtherFilter } from './IncidentFilter.js';
import type { Logger } from './Logger.js';
import type { ObjectKey } from './ObjectKey.js';
import type { Rehearsal } from './Rehearsal.js';
import type { TargetInsight } from './TargetInsight.js';

export interface TargetCapabilities {
  readonly deletes: 'apply' | 'mark' | 'ignore';
  /** Wants attachment and file-artifact bytes (`event.content`). */
  readonly content: boolean;
  /** Writes how long an incident's fields had their values (`event.timeSeries`); `flatten` makes columns of them. */
  readonly timeSeries?: true;
  /** Lanes served at once, at most; default 16, and a number as `concurrency` in the feed's section overrides it. */
  readonly concurrency?: number;
  /** Events that may travel together; requires `deliverBatch`. */
  readonly batch?: { readonly maxEvents: number; readonly maxWaitMs: number };
}

export interface OpenContext {
  readonly signal: AbortSignal;
  /**
   * A host gives this to `open`: it asks for the whole incident to be loaded into this target once the target is open.
   * It resolves when the wish is durable, so that the target may forget its own note of it.
   */
  readonly resync?: (incident: ObjectKey) => Promise<void>;
  /** A host gives this to `open`: the most deliveries that it makes at once, for example for the size of a pool. */
  readonly concurrency?: number;
  /** The operator left it to the target how much of `concurrency` it uses (`concurrency=auto`); see `width`. */
  readonly adaptive?: boolean;
}

export interface DeliverContext {
  readonly signal: AbortSignal;
  /** From 1; above 1 the event was tried before, and may have reached the destination. */
  readonly attempt: number;
  readonly log: Logger;
  /**
   * Waits for something other than the destination, such as a database of the target's own; meanwhile another delivery
   * may use the destination. `concurrency` counts the deliveries that do.
   */
  readonly aside?: <T>(work: Promise<T>) => Promise<T>;
  /** Nobody waits for it, as for what a reload brings: where the destination is scarce, let other deliveries go first. */
  readonly yields?: boolean;
  /**
   * With an incident that is read whole: those of its objects that would be delivered, as they are, if it were their turn
   * now. For a target that can make them together with their incident. Each has its own delivery afterwards, whatever
   * became of it, and that one must find what was made. Ask again at each attempt.
   */
  readonly following?: () => Promise<readonly FeedEvent[]>;
}

/** An object of the source that is parked. */
export interface ParkedObject {
  readonly key: ObjectKey;
  readonly parent?: ObjectKey;
  /** The task it belongs to, also where its parent is a note of that task. */
  readonly taskId?: number;
}

export interface TargetHealth {
  readonly state: 'up' | 'degraded' | 'down';
  readonly detail: string;
}

/**
 * A destination of the feed.
 *
 * Life: open → (deliver | deliverBatch | flush | health)* → close; open again after an `UnavailableError`.
 *
 * You may rely on: one incident's events arrive one after another, in source order, except for a parked one.
 *
 * We rely on: a resolved `deliver` is durable at the destination, or says by `committed` when it will be; the same
 * event twice leaves the same state; the signal is honoured; nothing given to you is modified; you do not retry, queue
 * or count by yourself.
 */
export interface FeedTarget {
  readonly capabilities: TargetCapabilities;
  /**
   * Connect, check credentials, prepare the schema. Throw `ConfigError` for what waiting does not fix, such as a file
   * of another kind: the host refuses to start, with one report for all feeds. After any other error, the target is
   * opened again later.
   */
  open(context: OpenContext): Promise<void>;
  deliver(event: FeedEvent, context: DeliverContext): Promise<DeliveryResult>;
  /** Same length, same order as `events`. */
  deliverBatch?(events: readonly FeedEvent[], context: DeliverContext): Promise<readonly DeliveryOutcome[]>;
  /**
   * How many deliveries may be under way at once now, where the target knows what its destination bears; core never makes
   * more than `concurrency`. `undefined`: that many. Asked before every delivery.
   */
  width?(): number | undefined;
  /** How the server of the destination does, for status and metrics. */
  server?(): ServerFigures | undefined;
  /** Finish pending deliveries soon: called at a stop, at a checkpoint, or when idle. */
  flush?(context: OpenContext): Promise<void>;
  /**
   * A cheap probe, called every few seconds while nothing is delivered. After `down` twice in a row, the target is
   * closed and opened again until it is back. `soar-feed check` calls it on a target that was never opened: connect by
   * yourself then, find everything wrong that `open` would, and write nothing.
   */
  health?(context: OpenContext): Promise<TargetHealth>;
  /**
   * `soar-feed doctor` calls it on a target that was never opened: compare what the source has with what the destination
   * can hold, read only, and say what would be refused, lost or changed. Throw as `open` does.
   */
  examine?(context: ExamineContext): Promise<Examination>;
  /**
   * A person says that the object with this id at the destination is `object`: remember it durably, so that the next
   * delivery changes that one instead of making another. Called while the target is open and nothing of the incident is
   * being delivered. Throw `PermanentError` with the code `adopt-refused` if that is impossible: there is no
   * such object, it belongs to another incident, or it is another object's counterpart already.
   */
  adopt?(object: ParkedObject, targetId: number, context: OpenContext): Promise<void>;
  /**
   * Somebody found that these objects may not be at the destination as they were delivered: compare them with what
   * stands there at their next delivery, instead of trusting what is remembered. Called while the target is open and
   * nothing of their incidents is being delivered. Leave it out if every delivery writes the whole object anyway.
   */
  recheck?(objects: readonly ObjectKey[], context: OpenContext): Promise<void>;
  /**
   * The web address at which people see the counterpart of an incident; `undefined`: it has none. For `show_in_source`.
   * Called while the target is open; throw what `deliver` throws. Leave it out if a destination has no such pages.
   */
  link?(incident: ObjectKey): Promise<string | undefined>;
  /**
   * What the target remembers, and how its destination compares with the source: for `soar-feed map`, `explain` and
   * `verify`. Leave it out if the target remembers nothing.
   */
  insight?(): TargetInsight;
  /**
   * For `soar-feed plan`, on a target that was never opened: makes a target that does all that this one would do, from
   * what this one remembers now, and hands each request that would change the destination to the rehearsal instead of
   * sending it. It reads the destination, also beside a host that has the same target open, and leaves no trace. Leave it
   * out if all that can be said is which events the target would get.
   */
  rehearse?(rehearsal: Rehearsal): FeedTarget;
  /**
   * For `soar-feed backtest`, on a target that was never opened: which incidents it feeds by its config, or would feed by
   * another filter. Throws `PermanentError` `filter-invalid` if that cannot be read; `details.at` is the place in its
   * text. Leave it out if the target feeds every incident.
   */
  incidentFilter?(other?: OtherFilter): IncidentFilter;
  /** Idempotent; also after a failed open. */
  close(): Promise<void>;
}
