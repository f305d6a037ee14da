import { sharedRedactor } from '@soar-feed/core/runtime';
import { UsageError } from '../UsageError.js';

/** What a person reads when a command fails: one message with its code, without secrets; the stack only to debug. */
export function errorText(error: unknown, debug: boolean): string {
  if (!(error instanceof Error)) return `soar-feed: ${sharedRedactor.redact(String(error))}\n`;
  const code = 'code' in error && typeof error.code === 'string' ? ` [${error.code}]` : '';
  const said = error instanceof UsageError ? error.message : `${error.message}${code}`;
  const stack = debug ? `\n${stackOf(error)}` : '';
  return sharedRedactor.redact(`soar-feed: ${said}${stack}\n`);
}

function stackOf(error: Error): string {
  const own = error.stack ?? String(error);
  return error.cause instanceof Error ? `${own}\nCaused by: ${stackOf(error.cause)}` : own;
}
