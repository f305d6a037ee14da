import { once } from 'node:events';

const drained = () => once(process.stdout, 'drain').catch(() => undefined);
const closed = () => once(process.stdout, 'close').catch(() => undefined);

// Node never destroys standard output, also not once its reader is gone.
let isGone = false;
process.stdout.on('error', () => (isGone = true));

/** Writes to standard output as fast as it is read. `false`: nobody reads any more, which is not a failure. */
export async function writeOut(text: string): Promise<boolean> {
  if (isGone || process.stdout.destroyed) return false;
  if (!process.stdout.write(text)) await Promise.race([drained(), closed()]);
  return !isGone && !process.stdout.destroyed;
}
