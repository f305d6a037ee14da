import { FeedError } from '@soar-feed/core';
import type {
  DeliverContext,
  DeliveryOutcome,
  DeliveryResult,
  FeedEvent,
  FeedTarget,
  TargetCapabilities,
} from '@soar-feed/core';
import type { RecordingLogger } from '../recordingLogger.js';
import type { FeedTargetCase, ObjectPlace, Silence, TargetBench } from './FeedTargetCase.js';
import { must, show, spell } from './must.js';
import { traitsOf } from './traitsOf.js';
import type { TargetTraits } from './traitsOf.js';

type Delivered = Extract<DeliveryResult, { status: 'delivered' }>;
type DeliverOptions = Partial<Pick<DeliverContext, 'attempt' | 'signal'>>;

/** What a scenario works on: one target, its destination, and the calls that the engine makes. */
export class TargetSubject implements TargetTraits {
  /** Everything that was thrown; it is searched for secrets. */
  readonly errors: unknown[] = [];
  readonly capabilities: TargetCapabilities;
  readonly has: TargetTraits['has'];
  readonly secrets: readonly string[];
  /** The case's functions, bound to the bench; to call one that the case lacks is a bug in the scenario. */
  readonly outage: () => Promise<() => Promise<void>>;
  readonly silence: () => Promise<Silence>;
  readonly poison: () => Promise<FeedEvent>;
  /** Everything at the destination that stands for the object. */
  readonly there: (of: ObjectPlace) => Promise<readonly unknown[]>;
  /** `undefined` if the case has no `readContent`. */
  readonly bytesThere: (of: ObjectPlace) => Promise<Uint8Array | undefined>;
  /** The target under test; `restart` puts another in its place. */
  target: FeedTarget;
  private readonly made: FeedTarget[];
  private readonly another: () => Promise<FeedTarget>;

  constructor(
    bench: TargetBench,
    options: FeedTargetCase<TargetBench>,
    readonly log: RecordingLogger,
  ) {
    this.target = bench.target;
    this.made = [bench.target];
    this.capabilities = options.capabilities;
    this.has = traitsOf(options).has;
    this.secrets = options.secrets ?? [];
    const absent = (what: string) => (): never => {
      throw new Error(`The case has no ${what}.`);
    };
    const { outage = absent('outage'), silence = absent('silence'), poison = absent('poison') } = options;
    const { another = absent('another') } = options;
    this.another = () => another(bench, log);
    this.outage = () => outage(bench);
    this.silence = () => silence(bench);
    this.poison = () => poison(bench);
    this.there = (of) => options.readBack(bench, of);
    this.bytesThere = async (of) => options.readContent?.(bench, of);
  }

  async open(): Promise<void> {
    await this.tryOpen().catch((error: unknown) => {
      must(false, 'open while its destination is there', `open failed with ${show(error)}`);
    });
  }

  /** An `open` that may fail. */
  async tryOpen(signal: AbortSignal = new AbortController().signal): Promise<void> {
    await this.noting(this.target.open({ signal }));
  }

  async close(): Promise<void> {
    await this.noting(this.target.close()).catch((error: unknown) => {
      must(false, 'let itself be closed at any time, and twice', `close failed with ${show(error)}`);
    });
  }

  /** Puts another target in this one's place, as a host that was killed and started again would; it is not open yet. */
  async restart(): Promise<void> {
    this.target = await this.another();
    this.made.push(this.target);
  }

  /** After the test, whatever it did. */
  async closeAll(): Promise<void> {
    for (const target of this.made) await target.close();
  }

  /** Calls the target as the engine does: a target that batches gets a batch of one. Waits for a later commit. */
  async deliver(event: FeedEvent, options: DeliverOptions = {}): Promise<DeliveryResult> {
    const outcome = await this.outcome(event, options);
    await this.noting(committed(outcome));
    return outcome;
  }

  async deliverBatch(events: readonly FeedEvent[], options: DeliverOptions = {}): Promise<readonly DeliveryOutcome[]> {
    must(this.target.deliverBatch !== undefined, 'have deliverBatch where it declares `batch`', 'it has none');
    const outcomes = await this.noting(this.target.deliverBatch(events, this.context(options)));
    const one = 'answer a batch with one outcome per event, in the order of the events';
    must(Array.isArray(outcomes), one, `it answered ${events.length} events with ${show(outcomes)}`);
    must(outcomes.length === events.length, one, `${events.length} events, and ${outcomes.length}: ${show(outcomes)}`);
    for (const outcome of outcomes) await this.noting(committed(outcome));
    return outcomes;
  }

  /** Delivers an event that the target must take. */
  async delivered(event: FeedEvent, options?: DeliverOptions): Promise<Delivered> {
    const promise = `take the ${event.operation} of ${spell(event)} (status "delivered")`;
    const result = await this.answer(promise, event, options);
    must(result?.status === 'delivered', promise, `it gave ${show(result)}`);
    return result;
  }

  /** Delivers an event that the target may skip by design; if so, nothing of it may be at the destination. */
  async takenOrSkipped(event: FeedEvent): Promise<'delivered' | 'skipped'> {
    const promise = `take the ${event.operation} of ${spell(event)}, or skip it by design`;
    return this.takenOrSkippedOf(event, promise, await this.answer(promise, event));
  }

  /** Delivers an event that the target may also refuse for ever: by a `PermanentError`, not by an error of its own. */
  async takenOrRefused(event: FeedEvent): Promise<'delivered' | 'skipped' | 'refused'> {
    const promise = `take ${spell(event)}, skip it, or refuse it for ever (PermanentError): another attempt does no better`;
    const result = await this.deliver(event).catch((error: unknown) => {
      must(FeedError.is(error) && error.kind === 'permanent', promise, `it threw ${show(error)}`);
      return 'refused' as const;
    });
    return result === 'refused' ? result : this.takenOrSkippedOf(event, promise, result);
  }

  /** Checks how many things stand for the object at the destination; `when` says what has just happened. */
  async holds(of: ObjectPlace, count: number, when: string): Promise<readonly unknown[]> {
    const seen = await this.there(of);
    const wanted = count === 0 ? 'nothing' : count === 1 ? 'one thing, once' : `${count} things`;
    must(
      seen.length === count,
      `have ${wanted} at the destination for ${spell(of)} after ${when}`,
      `readBack gave ${seen.length}: ${show(seen)}`,
    );
    return seen;
  }

  /** Returns the error that `work` must end with; `promise` says which. */
  async failure(work: Promise<unknown>, promise: string): Promise<unknown> {
    const outcome = await work.then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    if ('value' in outcome) must(false, promise, `it gave ${show(outcome.value)}`);
    return outcome.error;
  }

  private async answer(promise: string, event: FeedEvent, options?: DeliverOptions): Promise<DeliveryResult> {
    try {
      return await this.deliver(event, options);
    } catch (error) {
      must(false, promise, `it threw ${show(error)}`);
    }
  }

  private async takenOrSkippedOf(
    event: FeedEvent,
    promise: string,
    result: DeliveryResult,
  ): Promise<'delivered' | 'skipped'> {
    const { status } = result ?? {};
    must(status === 'delivered' || status === 'skipped', promise, `it gave ${show(result)}`);
    if (event.operation === 'upsert') await this.holds(event, status === 'delivered' ? 1 : 0, `it said "${status}"`);
    return status;
  }

  private async outcome(event: FeedEvent, options: DeliverOptions): Promise<DeliveryResult> {
    if (this.capabilities.batch === undefined) return this.noting(this.target.deliver(event, this.context(options)));
    const [outcome] = await this.deliverBatch([event], options);
    if (outcome?.status === 'failed') return this.noting(Promise.reject(outcome.error));
    return outcome as DeliveryResult;
  }

  private context({ attempt = 1, signal = new AbortController().signal }: DeliverOptions): DeliverContext {
    return { attempt, signal, log: this.log };
  }

  private async noting<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      this.errors.push(error);
      throw error;
    }
  }
}

async function committed(outcome: DeliveryOutcome): Promise<void> {
  if (outcome?.status === 'delivered') await outcome.committed;
}
