import { once } from 'node:events';

const drained = () => once(process.stdout, 'drain').catch(() => undefined);
const closed = () => once(process.stdout, 'close').catch(() => undefined);

/** Writes to standard output as fast as it is read. `false`: nobody reads any more, which is not a failure. */
export async function writeOut(text: string): Promise<boolean> {
  if (process.stdout.destroyed) return false;
  if (!process.stdout.write(text)) await Promise.race([drained(), closed()]);
  return !process.stdout.destroyed;
}
