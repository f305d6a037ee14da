import { systemClock, Verification } from '@soar-feed/core/runtime';
import type { Inspection, VerifyReport } from '@soar-feed/core/runtime';
import type { FeedStore, Logger } from '@soar-feed/core';
import { UsageError } from '../UsageError.js';
import { sampleOf } from './sampleOf.js';
import type { VerifyScope } from './VerifyFile.js';

export interface VerifyWork {
  readonly inspection: Inspection;
  readonly store: FeedStore;
  readonly scope: VerifyScope;
  readonly method: 'search' | 'query';
  readonly concurrency: number;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** An interrupted report, and up to where it goes. */
  readonly before?: { readonly report: VerifyReport; readonly upToId: number };
  readonly onProgress?: (upToId: number, report: VerifyReport) => void;
}

/** Changes on their way arrive within this time; ms. */
const SETTLE_MS = 3_000;

/** The feeds whose targets can compare themselves with the source. Throws `UsageError` if none can. */
export function verifiable({ feeds }: Inspection): readonly string[] {
  const able = feeds.filter(({ insight }) => insight !== undefined).map(({ name }) => name);
  if (able.length > 0) return able;
  const names = feeds.map(({ name, type }) => `${name} (class=${type})`).join(', ');
  throw new UsageError(`No feed can be verified: ${names} cannot compare what stands there with the source.`);
}

/** Compares the feeds of the scope with the source. Throws what reading throws. */
export async function verifyFeeds(work: VerifyWork): Promise<VerifyReport> {
  const { inspection, store, scope, method, concurrency, log, signal, before, onProgress } = work;
  const { source, prepared } = inspection;
  if (source === undefined) throw new TypeError('a verification asks the source');
  const { workspaces, reloadPageSize: pageSize } = prepared.config.feeds;
  const minIncidentId = before === undefined ? scope.minIncidentId : before.upToId + 1;
  const verification = new Verification({
    feeds: inspection.feeds.flatMap(({ name, insight }) =>
      insight === undefined || !scope.feeds.includes(name) ? [] : [{ name, insight }],
    ),
    ...{ source, store, workspaces, concurrency, settleMs: SETTLE_MS },
    walk: {
      ...{ minIncidentId, method, pageSize, log, signal, clock: systemClock, wants: sampleOf(scope.sample) },
      ...(scope.maxIncidentId === undefined ? {} : { maxIncidentId: scope.maxIncidentId }),
    },
    ...(before === undefined ? {} : { before: before.report }),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  return verification.run();
}
