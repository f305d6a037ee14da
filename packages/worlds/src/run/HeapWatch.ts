import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Finding } from '../oracles/Finding.js';

/** A collection costs about as much as a small world. */
const EVERY_WORLDS = 25;
/** What a world may leave in its process for good, bytes. */
const MOST_PER_WORLD = 2_000_000;

/** Whether what worlds leave in the memory of their process adds up. */
export class HeapWatch {
  private worlds = 0;
  /** After the first worlds: until then, modules are read and compiled. */
  private first: { readonly bytes: number; readonly worlds: number } | undefined;

  constructor(private readonly bytesInUse = bytesAfterCollection()) {}

  /** Another world is over. */
  judge(): readonly Finding[] {
    this.worlds += 1;
    if (this.worlds % EVERY_WORLDS !== 0) return [];
    const now = { bytes: this.bytesInUse(), worlds: this.worlds };
    const first = (this.first ??= now);
    const grown = (now.bytes - first.bytes) / Math.max(1, now.worlds - first.worlds);
    if (grown <= MOST_PER_WORLD) return [];
    const text = `Each of the last ${now.worlds - first.worlds} worlds left ${Math.round(grown / 1_000)} kB in memory`;
    return [{ check: 'memory', text }];
  }
}

function bytesAfterCollection(): () => number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  return () => {
    collect();
    return process.memoryUsage().heapUsed;
  };
}
