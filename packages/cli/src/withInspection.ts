import { didYouMean } from '@soar-feed/core';
import { openInspection, sharedRedactor } from '@soar-feed/core/runtime';
import type { Inspection, PreparedHost } from '@soar-feed/core/runtime';
import { configFileOf } from './configFileOf.js';
import type { GlobalArgs } from './globalOptions.js';
import { hostFile } from './hostFile.js';
import { loggerFor } from './loggerFor.js';
import { onStopSignal } from './onStopSignal.js';
import { Terminal } from './output/Terminal.js';
import { UsageError } from './UsageError.js';

export interface InspectionArgs extends GlobalArgs {
  readonly feed?: string | undefined;
}

/**
 * Asks the targets of the config about themselves, without opening or writing anything; with `ask`, the source, too.
 * The first signal aborts it. Throws `UsageError` for an unknown feed, and what `openInspection` throws.
 */
export async function withInspection<T>(
  args: InspectionArgs,
  { ask }: { readonly ask: boolean },
  work: (inspection: Inspection, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stopping = new AbortController();
  const endListening = onStopSignal(() => stopping.abort());
  const log = loggerFor(args, new Terminal(process.stderr), { level: 'warn', redactor: sharedRedactor });
  const { feed } = args;
  let inspection: Inspection | undefined;
  try {
    inspection = await openInspection({
      ...{ configFile: configFileOf(args), hostFile, log, ask, signal: stopping.signal },
      ...(feed === undefined ? {} : { feed }),
    });
    if (feed !== undefined && inspection.feeds.length === 0) throw unknownFeed(feed, inspection.prepared);
    return await work(inspection, stopping.signal);
  } finally {
    await inspection?.close();
    endListening();
  }
}

export function unknownFeed(feed: string, { config }: Pick<PreparedHost, 'config'>): UsageError {
  const { feedNames } = config.feeds;
  const near = didYouMean(feed, feedNames);
  return new UsageError(
    `--feed: there is no feed "${feed}"${near === undefined ? '' : `; did you mean ${near}?`} [feeds] feed_names has ${feedNames.join(', ')}.`,
  );
}
