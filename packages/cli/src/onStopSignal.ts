const NUMBERS = { SIGINT: 2, SIGTERM: 15 } as const;

/**
 * The first SIGTERM or SIGINT asks for a graceful stop; a second one ends the process at once with 128 + its number.
 * That loses nothing that was acknowledged. The returned function removes the handlers.
 */
export function onStopSignal(stop: () => void): () => void {
  let asked = false;
  const handle = (signal: keyof typeof NUMBERS): void => {
    if (asked) process.exit(128 + NUMBERS[signal]);
    asked = true;
    stop();
  };
  process.on('SIGINT', handle);
  process.on('SIGTERM', handle);
  return () => {
    process.off('SIGINT', handle);
    process.off('SIGTERM', handle);
  };
}
