import type { Dial } from '../connect/Dial.js';
import type { SoarApiError } from '../rest/SoarApiError.js';
import type { QueueMessage } from './QueueMessage.js';

/**
 * connecting → connected → disconnected → connecting → ... for ever. `failed` is final: the login, or the permission to
 * read the queue, was refused, and another try would not fix that.
 */
export type QueueState =
  | { readonly state: 'connecting' }
  | { readonly state: 'connected' }
  | { readonly state: 'disconnected'; readonly error: SoarApiError; readonly retryInMs: number }
  | { readonly state: 'failed'; readonly error: SoarApiError };

export interface QueueOptions {
  /** Overrides the connection's `stomp.prefetch`. */
  readonly prefetch?: number;
  /** Its errors are logged; the message stays unacknowledged and comes again with the next session. */
  readonly onMessage: (message: QueueMessage) => void | Promise<void>;
  readonly onState?: (state: QueueState) => void;
  readonly log?: QueueLog;
  /** Replaces TLS connections of our own. */
  readonly dial?: Dial | undefined;
}

export type QueueLog = (
  level: 'debug' | 'info' | 'warn' | 'error',
  message: string,
  details?: Readonly<Record<string, unknown>>,
) => void;
