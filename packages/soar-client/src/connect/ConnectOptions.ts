import type { SoarApiError } from '../rest/SoarApiError.js';
import type { RepeatInfo } from '../rest/repeatWhileSafe.js';

export interface ConnectOptions {
  /** Ends the login; each later call takes its own signal. */
  readonly signal?: AbortSignal | undefined;
  /** Hears of every repeat, before its pause. */
  readonly onRetry?: ((info: RepeatInfo) => void) | undefined;
  /** Told of a reading that failed and is done without: what was to be read, and why it was not. */
  readonly onUnread?: ((what: string, error: SoarApiError) => void) | undefined;
  /** Sent with every write that brings no context token of its own. */
  readonly contextToken?: string | undefined;
}
