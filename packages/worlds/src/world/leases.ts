import { existsSync } from 'node:fs';
import { readRows } from '../machine/readRows.js';

const LIVING = Symbol.for('@soar-feed/store:leases');

/** The leases of this process, as the store knows them. */
const living = (): Set<string> | undefined => (globalThis as { [LIVING]?: Set<string> })[LIVING];

/** Those that a killed process had on a file are nobody's any more. */
export async function releaseLeases(file: string): Promise<void> {
  if (!existsSync(file)) return;
  const [leases] = await readRows<[{ owner: string }]>(file, ['SELECT owner FROM soar_feed_lease']);
  for (const { owner } of leases) living()?.delete(owner);
}
