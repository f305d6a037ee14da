import { UsageError } from '../UsageError.js';

/**
 * What a person reads if a command fails: one message with its code, without secrets; the stack trace only at level
 * debug.
 */
export async function errorText(error: unknown, debug: boolean): Promise<string> {
  // A typo is answered before the engine is loaded.
  if (error instanceof UsageError) return `soar-feed: ${error.message}\n`;
  const { sharedRedactor } = await import('@soar-feed/core/runtime');
  return sharedRedactor.redact(
    `soar-feed: ${said(error)}${debug && error instanceof Error ? `\n${stackOf(error)}` : ''}\n`,
  );
}

function said(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? `${error.message} [${error.code}]` : error.message;
}

function stackOf(error: Error): string {
  const own = error.stack ?? String(error);
  return error.cause instanceof Error ? `${own}\nCaused by: ${stackOf(error.cause)}` : own;
}
