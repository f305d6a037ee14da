/** A signal that is aborted with either of two. `end` lets go of both, as one may live as long as the host. */
export function eitherSignal(
  one: AbortSignal,
  other: AbortSignal | undefined,
): { readonly signal: AbortSignal; end(): void } {
  if (other === undefined) return { signal: one, end: () => undefined };
  const both = new AbortController();
  const abort = (): void => both.abort();
  for (const signal of [one, other]) {
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
  }
  return {
    signal: both.signal,
    end: () => {
      for (const signal of [one, other]) signal.removeEventListener('abort', abort);
    },
  };
}
