import { openInspection } from '@soar-feed/core/runtime';
import type { Inspection } from '@soar-feed/core/runtime';
import { hostFile } from '../hostFile.js';
import type { PageHost } from './PageHost.js';

/** A question that takes longer is given up; ms. */
const WITHIN_MS = 30_000;

/**
 * Asks the targets about themselves beside the host that runs in this process, on connections of their own; with
 * `ask`, the source, too. Throws what `openInspection` and the work throw.
 */
export async function inspecting<T>(
  { config, log }: PageHost,
  { ask, feed }: { readonly ask: boolean; readonly feed?: string | undefined },
  work: (inspection: Inspection, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const signal = AbortSignal.timeout(WITHIN_MS);
  const inspection = await openInspection({
    ...{ configFile: config.file, hostFile, log: log.child({ asked: 'page' }), ask, signal },
    ...(feed === undefined ? {} : { feed }),
  });
  try {
    return await work(inspection, signal);
  } finally {
    await inspection.close();
  }
}
