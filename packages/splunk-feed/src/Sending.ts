import { FeedError, PermanentError, UnavailableError } from '@soar-feed/core';
import type { Acks } from './Acks.js';
import type { Collector } from './Collector.js';
import { hecFailure, isOfEvents, isOk } from './hecFailure.js';
import type { HecAnswer } from './hecFailure.js';

/** Resolves when the event is durable at Splunk, as far as Splunk says. */
export type Taken = { readonly durable: Promise<void> } | { readonly error: Error };

/** Sends the events of one request, and again without those that are refused. */
export class Sending {
  /** Whether the token offers acknowledgements; unknown until it has taken something. */
  private offers: boolean | undefined;

  constructor(
    private readonly collector: Collector,
    private readonly acks: Acks,
    private readonly ack: 'auto' | 'true' | 'false',
  ) {}

  /** Same length, same order. Throws what concerns the whole destination. */
  async send(events: readonly string[], signal: AbortSignal): Promise<readonly Taken[]> {
    if (events.length === 0) return [];
    const answer = await this.ask(events, signal);
    if (isOk(answer)) {
      const durable = this.durable(answer);
      return events.map(() => ({ durable }));
    }
    if (answer.status === 413) return this.halves(events, signal);
    if (!isOfEvents(answer)) throw hecFailure(answer, this.collector.place);
    return this.without(answer, events, signal);
  }

  private async ask(events: readonly string[], signal: AbortSignal): Promise<HecAnswer> {
    try {
      return await this.collector.send(events, signal);
    } catch (error) {
      // Nobody is there who would acknowledge what was sent before.
      if (FeedError.is(error) && error.kind === 'unavailable') this.acks.giveUp('is gone');
      throw error;
    }
  }

  private durable({ ackId }: HecAnswer): Promise<void> {
    this.offers = this.ack !== 'false' && ackId !== undefined;
    if (this.ack === 'false') return Promise.resolve();
    if (ackId !== undefined) return this.acks.wait(ackId);
    if (this.ack === 'auto') return Promise.resolve();
    const problem = `${this.collector.place}: the token offers no acknowledgements; set ack=auto, or enable them.`;
    throw new UnavailableError(problem, { code: 'splunk-no-ack' });
  }

  /**
   * The collector says which event it does not take. Those before it count as taken, but nobody acknowledges them: they are
   * sent again where acknowledgements are wanted, for an event too many is better than one too few.
   */
  private async without(answer: HecAnswer, events: readonly string[], signal: AbortSignal): Promise<readonly Taken[]> {
    const at = events.length === 1 ? 0 : answer.invalid;
    if (at === undefined || at < 0 || at >= events.length) return this.halves(events, signal);
    const before = events.slice(0, at);
    const isTaken = this.ack === 'false' || this.offers === false;
    const first = isTaken ? before.map(() => ({ durable: Promise.resolve() })) : await this.send(before, signal);
    const problem = `${this.collector.place} refuses the event (code ${answer.code ?? 'unknown'}).`;
    const refused = { error: new PermanentError(problem, { code: `splunk-code-${answer.code ?? 'unknown'}` }) };
    return [...first, refused, ...(await this.send(events.slice(at + 1), signal))];
  }

  private async halves(events: readonly string[], signal: AbortSignal): Promise<readonly Taken[]> {
    if (events.length === 1) {
      const problem = `${this.collector.place} takes no event of this size (413); raise max_content_length there, or set content=none.`;
      return [{ error: new PermanentError(problem, { code: 'splunk-too-large' }) }];
    }
    const middle = events.length >> 1;
    const first = await this.send(events.slice(0, middle), signal);
    const rest = await this.send(events.slice(middle), signal).catch((error: unknown) => {
      // What was taken stays taken.
      signal.throwIfAborted();
      if (!FeedError.is(error)) throw error;
      return events.slice(middle).map(() => ({ error }));
    });
    return [...first, ...rest];
  }
}
