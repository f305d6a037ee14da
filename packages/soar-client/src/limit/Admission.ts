import type { SoarRequest } from '../rest/SoarRequest.js';

/** What of an answer says how its server does. */
export interface Answered {
  readonly status: number;
  /** What the server asked for. */
  readonly retryAfterMs?: number | undefined;
  /** From when the request was sent until the answer began, ms. */
  readonly tookMs?: number | undefined;
  /** The body is still to come. */
  readonly stream?: unknown;
}

/** One request on its way; tell how it ended, once. */
export interface Pass {
  /** All that the request needs is at hand. If this rejects, nothing is sent, and the caller gets the reason. */
  sending?(): Promise<void>;
  answered(answer: Answered): void;
  failed(error: unknown): void;
}

/** Who says when a request may be sent. */
export interface Admission {
  /** Rejects with the reason of the request's signal if that aborts first; nothing was sent then. */
  enter(request: SoarRequest): Promise<Pass>;
}
