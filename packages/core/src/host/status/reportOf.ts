import { StoreError } from '../../contract/errors.js';
import type { FeedStore } from '../../contract/FeedStore.js';
import type { HostStatus } from './HostStatus.js';
import { makeReport, readStored } from './StatusReport.js';
import type { ReportOptions, StatusReport } from './StatusReport.js';

/** The status of a running host with the counts in its store; without them while that is away, or another host's. */
export async function reportOf(
  host: HostStatus,
  store: FeedStore,
  about: Omit<ReportOptions, 'host'>,
): Promise<StatusReport> {
  if (host.standby !== undefined) return makeReport(undefined, { ...about, host });
  try {
    return makeReport(await readStored(store), { ...about, host });
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return makeReport(undefined, { ...about, host: { ...host, store: { problem: error.message } } });
  }
}
