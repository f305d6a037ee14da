import { expect } from '@jest/globals';
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
import { traitsOf } from './traitsOf.js';
import type { TargetTraits } from './traitsOf.js';

type Delivered = Extract<DeliveryResult, { status: 'delivered' }>;
type DeliverOptions = Partial<Pick<DeliverContext, 'attempt' | 'signal'>>;

/** What a scenario works on: one target, its destination, and the engine's way to call it. */
export class TargetSubject implements TargetTraits {
  /** Everything that was thrown, to be searched for secrets. */
  readonly errors: unknown[] = [];
  readonly capabilities: TargetCapabilities;
  readonly has: TargetTraits['has'];
  readonly secrets: readonly string[];
  /** The case's functions, bound to the bench; calling one that is not there is a fault of the scenario. */
  readonly outage: () => Promise<() => Promise<void>>;
  readonly silence: () => Promise<Silence>;
  readonly poison: () => Promise<FeedEvent>;
  /** Everything at the destination that stands for the object. */
  readonly there: (of: ObjectPlace) => Promise<readonly unknown[]>;
  /** `undefined` where the case cannot tell. */
  readonly bytesThere: (of: ObjectPlace) => Promise<Uint8Array | undefined>;
  readonly target: FeedTarget;

  constructor(
    bench: TargetBench,
    options: FeedTargetCase<TargetBench>,
    readonly log: RecordingLogger,
  ) {
    this.target = bench.target;
    this.capabilities = options.capabilities;
    this.has = traitsOf(options).has;
    this.secrets = options.secrets ?? [];
    const absent = (what: string) => (): never => {
      throw new Error(`The case has no ${what}.`);
    };
    const { outage = absent('outage'), silence = absent('silence'), poison = absent('poison') } = options;
    this.outage = () => outage(bench);
    this.silence = () => silence(bench);
    this.poison = () => poison(bench);
    this.there = (of) => options.readBack(bench, of);
    this.bytesThere = async (of) => options.readContent?.(bench, of);
  }

  async open(signal: AbortSignal = new AbortController().signal): Promise<void> {
    await this.noting(this.target.open({ signal }));
  }

  /** Calls the target as the engine does: one that batches is given a batch of one. What commits later is waited for. */
  async deliver(event: FeedEvent, options: DeliverOptions = {}): Promise<DeliveryResult> {
    const outcome = await this.outcome(event, options);
    await this.noting(committed(outcome));
    return outcome;
  }

  async deliverBatch(events: readonly FeedEvent[], options: DeliverOptions = {}): Promise<readonly DeliveryOutcome[]> {
    if (this.target.deliverBatch === undefined) throw new Error('capabilities.batch requires deliverBatch.');
    const outcomes = await this.noting(this.target.deliverBatch(events, this.context(options)));
    expect(outcomes).toHaveLength(events.length);
    for (const outcome of outcomes) await this.noting(committed(outcome));
    return outcomes;
  }

  /** Delivers what the target must take. */
  async delivered(event: FeedEvent, options?: DeliverOptions): Promise<Delivered> {
    const result = await this.deliver(event, options);
    expect(result).toMatchObject({ status: 'delivered' });
    return result as Delivered;
  }

  /** Delivers what the target may leave out by design; then nothing of it may be there. */
  async takenOrSkipped(event: FeedEvent): Promise<'delivered' | 'skipped'> {
    const { status } = await this.deliver(event);
    expect(['delivered', 'skipped']).toContain(status);
    if (event.operation === 'upsert') expect(await this.there(event)).toHaveLength(status === 'delivered' ? 1 : 0);
    return status as 'delivered' | 'skipped';
  }

  /** Delivers what the target may also refuse for ever: by a `PermanentError`, not by a fault of its own. */
  async takenOrRefused(event: FeedEvent): Promise<'delivered' | 'skipped' | 'refused'> {
    try {
      return await this.takenOrSkipped(event);
    } catch (error) {
      if (!FeedError.is(error)) throw error;
      expect(error).toMatchObject({ kind: 'permanent' });
      return 'refused';
    }
  }

  /** The error that `work` must end with. */
  async failure(work: Promise<unknown>): Promise<unknown> {
    const outcome = await work.then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    if ('value' in outcome) throw new Error(`It should have failed, but gave ${JSON.stringify(outcome.value)}.`);
    return outcome.error;
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
  if (outcome.status === 'delivered') await outcome.committed;
}
