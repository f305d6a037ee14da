import { hostname } from 'node:os';
import type { ActionReply } from '@soar-feed/soar-client';
import type { SoarObject } from '../../contract/FeedEvent.js';
import type { ReloadReport } from './ReloadReport.js';

/**
 * The function's result (ResultPayload 1.0 of IBM's resilient-lib): the workflow's script reads `results.inputs` and
 * `results.content.num_of_sync_incidents`. The number counts incidents that were sent, not the width of the range.
 */
export function syncReply(
  report: ReloadReport,
  inputs: SoarObject,
  { executionMs, now }: { readonly executionMs: number; readonly now: number },
): ActionReply {
  const content = { num_of_sync_incidents: report.incidents };
  const parked = Object.values(report.feeds).reduce((sum, feed) => sum + feed.parked + feed.failed, 0);
  const success = report.faults.length === 0;
  const reason = success
    ? null
    : `${report.faults.length} incidents could not be read wholly: ${report.faults[0]?.message ?? ''}`;
  return {
    type: success ? 0 : 1,
    message: success ? (parked === 0 ? 'Completed' : `Completed, ${parked} objects parked`) : (reason ?? ''),
    complete: true,
    results: {
      version: '1.0',
      success,
      reason,
      content,
      raw: JSON.stringify(content),
      inputs,
      metrics: {
        version: '1.0',
        package: 'soar-feed',
        package_version: 'unknown',
        host: hostname(),
        execution_time_ms: executionMs,
        timestamp: new Date(now).toISOString().slice(0, 19).replace('T', ' '),
      },
    },
  };
}
