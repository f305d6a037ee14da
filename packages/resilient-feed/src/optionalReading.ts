/** Longest wait for what the feed can do without, ms. */
const OPTIONAL_WITHIN_MS = 10_000;

/** Reads what the feed can do without: a server that does not answer in time has failed. Throws what reading throws. */
export async function optionalReading<T>(
  read: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  const late = AbortSignal.timeout(OPTIONAL_WITHIN_MS);
  const either = signal === undefined ? late : AbortSignal.any([signal, late]);
  return Promise.race([read(either), aborted(either)]);
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const give = () => reject(new Error(`no answer within ${OPTIONAL_WITHIN_MS / 1000} s`));
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  });
}
