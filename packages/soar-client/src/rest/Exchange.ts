import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { surroundings } from '../surroundings.js';
import { onAbort } from '../timers/onAbort.js';

/** What was observed of one request. */
export interface Seen {
  /** The request is on an established connection: from here on the server may have received it. */
  sent: boolean;
  /** When that was; ms, our clock. */
  sentAtMs?: number;
  /** When the head of the answer arrived; ms, our clock. */
  answeredAtMs?: number;
  /** From the one to the other; ms, by a clock that nobody sets. */
  tookMs?: number;
}

export interface Head {
  readonly status: number;
  /** Lower-case names; a list of cookies. */
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** As it came over the wire. Whoever lets go of it before its end gives up the connection. */
  readonly body: Readable;
}

/**
 * One request over a pool, and its answer. undici repeats nothing that began to be written, so `seen` holds the one
 * fact that decides what may be repeated: was it sent before it failed?
 *
 * It speaks undici's inner handler interface, as undici's own `request` does; that one tells nobody what was sent, and
 * leaves a request that is cancelled in line until its turn.
 */
export class Exchange {
  private abortSent: ((error: Error) => void) | undefined;
  private letGo: () => void = () => undefined;
  private body: Readable | undefined;
  private gaveUp: Error | undefined;
  private sentSteadyMs = 0;
  private answer: (head: Head) => void = () => undefined;
  private refuse: (error: unknown) => void = () => undefined;

  constructor(
    private readonly seen: Seen,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /** Rejects at once when the signal aborts, even while the request waits for a connection; it is not sent then. */
  async send(pool: Dispatcher, options: Dispatcher.DispatchOptions): Promise<Head> {
    try {
      return await new Promise<Head>((resolve, reject) => {
        this.answer = resolve;
        this.refuse = reject;
        this.letGo = onAbort(this.signal, this.abort);
        pool.dispatch(options, this);
      });
    } catch (error) {
      this.end();
      throw error;
    }
  }

  onConnect(abort: (error: Error) => void): void {
    if (this.gaveUp !== undefined) return abort(this.gaveUp);
    this.abortSent = abort;
    this.seen.sent = true;
    this.seen.sentAtMs = surroundings().now();
    this.sentSteadyMs = surroundings().steadyMs();
  }

  onHeaders(status: number, raw: readonly Buffer[], resume: () => void): boolean {
    // The platform's answer is still to come after an "early hint".
    if (status < 200) return true;
    this.seen.answeredAtMs = surroundings().now();
    this.seen.tookMs = surroundings().steadyMs() - this.sentSteadyMs;
    this.body = new Readable({
      read: resume,
      destroy: (error, done) => {
        this.end();
        // Does nothing once the answer is complete.
        this.abortSent?.(error ?? new Error('nobody reads the answer any more'));
        done(error);
      },
    });
    // It may fail before somebody reads it; the reader then meets the failure.
    this.body.on('error', () => undefined);
    this.answer({ status, headers: headersOf(raw), body: this.body });
    return true;
  }

  /** `false`: no more until `resume`. */
  onData(chunk: Buffer): boolean {
    return this.body?.push(chunk) ?? true;
  }

  onComplete(): void {
    this.body?.push(null);
  }

  onError(error: Error): void {
    if (this.body === undefined) this.refuse(error);
    else this.body.destroy(error);
  }

  private readonly abort = (): void => {
    const { reason } = this.signal as { readonly reason: unknown };
    this.gaveUp = reason instanceof Error ? reason : new Error('cancelled by the caller');
    this.abortSent?.(this.gaveUp);
    this.refuse(this.gaveUp);
  };

  private end(): void {
    this.letGo();
  }
}

/** Names and values in turn, as they came. Of a name that came twice the first counts; cookies and encodings are lists. */
function headersOf(raw: readonly Buffer[]): Record<string, string | string[]> {
  const all: Record<string, string | string[]> = {};
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = String(raw[at]).toLowerCase();
    const value = (raw[at + 1] as Buffer).toString('latin1');
    const before = all[name];
    if (name === 'set-cookie') all[name] = [before ?? [], value].flat();
    else if (before === undefined) all[name] = value;
    else if (name === 'content-encoding') all[name] = `${String(before)}, ${value}`;
  }
  return all;
}
