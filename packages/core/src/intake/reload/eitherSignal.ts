import { onAbort } from '@soar-feed/soar-client';

/** A signal that is aborted with either of two. `end` lets go of both, as one may live as long as the host. */
export function eitherSignal(
  one: AbortSignal,
  other: AbortSignal | undefined,
): { readonly signal: AbortSignal; end(): void } {
  if (other === undefined) return { signal: one, end: () => undefined };
  const both = new AbortController();
  const abort = (): void => both.abort();
  const listening = [one, other].map((signal) => {
    if (signal.aborted) abort();
    return onAbort(signal, abort);
  });
  return { signal: both.signal, end: () => listening.forEach((letGo) => letGo()) };
}
