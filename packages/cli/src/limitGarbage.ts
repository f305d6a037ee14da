import { setFlagsFromString } from 'node:v8';

/** How much the heap grows beyond what was alive at the last full collection before it is collected again, percent. */
const GROWTH = 30;
const FLAG = '--heap-growing-percent';

/**
 * Keeps a host small: left alone, V8 lets the heap grow to a multiple of what is alive, on a machine with much memory to many
 * times as much, and a reload makes garbage all the time. The flag is read at each collection, so it may be set while the
 * process runs. Whoever gives Node.js the flag is heeded.
 */
export function limitGarbage(): void {
  if (!process.execArgv.some((arg) => arg.startsWith(FLAG))) setFlagsFromString(`${FLAG}=${GROWTH}`);
}
