import 'reflect-metadata';
import type { HostConfig } from '../config/loadHostConfig.js';
import type { FeedStore } from '../contract/FeedStore.js';
import type { Logger } from '../contract/Logger.js';
import { sourceTypes } from '../shape/sourceTypes.js';
import { TypeCatalog } from '../shape/TypeCatalog.js';
import { EventFactory } from '../source/EventFactory.js';
import { SourceReader } from '../source/SourceReader.js';
import { checkConfig } from './check/checkConfig.js';
import type { CheckLine } from './check/CheckLine.js';
import { checkQueue } from './check/checkQueue.js';
import { checkSource, checkTypes } from './check/checkSource.js';
import { checkShown } from './check/checkShown.js';
import { checkState } from './check/checkState.js';
import { checkTarget } from './check/checkTarget.js';
import { unasked } from './inspect/openInspection.js';
import type { PrepareOptions } from './prepareHost.js';
import { systemClock } from './systemClock.js';

export interface CheckOptions extends PrepareOptions {
  /** What targets log while they are probed. */
  readonly log: Logger;
  readonly signal?: AbortSignal;
  /** The store that the host would have, not open yet; default: only the place of its file is looked at. */
  readonly store?: (config: HostConfig) => FeedStore;
  /** What the program around the host opens in addition, such as ports; checked after the state. */
  readonly besides?: (config: HostConfig) => Promise<readonly CheckLine[]>;
}

/**
 * Checks everything a host needs, from the file to each target, and writes nothing: no state database, no subscription, and no
 * target is opened. Yields its lines as it goes; one fault never stops the rest.
 */
export async function* checkHost(options: CheckOptions): AsyncGenerator<CheckLine> {
  const prepared = yield* checkConfig(options);
  if (prepared === undefined) return;
  yield await checkState(prepared.config.feeds.stateDb, options.store?.(prepared.config));
  yield* (await options.besides?.(prepared.config)) ?? [];
  const { client, line } = await checkSource(prepared, options.signal);
  yield line;
  try {
    const catalog =
      client &&
      new TypeCatalog(async () => sourceTypes(await client.types.all(), prepared.config.feeds.emails), systemClock);
    if (client !== undefined && catalog !== undefined) yield* checkTypes(catalog, client, prepared);
    if (client !== undefined) yield* checkShown(client, prepared, options.signal);
    yield* checkQueue(prepared, client, options.signal);
    const source =
      client && catalog
        ? new SourceReader(client, catalog, new EventFactory(client), systemClock)
        : unasked(prepared, line.detail);
    for (const feed of prepared.feeds) yield await checkTarget(feed, source, options);
  } finally {
    await client?.close();
  }
}
