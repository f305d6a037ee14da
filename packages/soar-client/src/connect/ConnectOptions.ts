import type { Admission } from '../limit/Admission.js';
import type { Dial } from './Dial.js';
import type { Interceptor } from '../rest/Interceptor.js';
import type { SoarApiError } from '../rest/SoarApiError.js';
import type { RepeatInfo } from '../rest/repeatWhileSafe.js';

export interface ConnectOptions {
  /** Cancels the login; each later call takes its own signal. */
  readonly signal?: AbortSignal | undefined;
  /** Called for every repeat, before its pause. */
  readonly onRetry?: ((info: RepeatInfo) => void) | undefined;
  /** Called if an optional reading fails: what was read, and why it failed. */
  readonly onUnread?: ((what: string, error: SoarApiError) => void) | undefined;
  /** Replaces TLS connections of our own; the connection's `proxy` is then not used. */
  readonly dial?: Dial | undefined;
  /** Sent with every write that has no context token of its own. */
  readonly contextToken?: string | undefined;
  /** Hears every request after the login, and may answer it. */
  readonly intercept?: Interceptor | undefined;
  /** Says when each request may be sent, those of the login included; absent: at once. */
  readonly admission?: Admission | undefined;
}
