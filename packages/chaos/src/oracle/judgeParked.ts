import type { ExpectedFailure } from './expectedFailures.js';
import type { Finding } from './Finding.js';
import type { ParkedRow, State } from './readState.js';

/** Exactly the objects that the target refuses for good must be parked, as failed. */
export function judgeParked({ parked, raw }: State, failures: readonly ExpectedFailure[]): readonly Finding[] {
  const left = new Set(failures);
  const unexpected = parked.filter((row) => {
    const failure = [...left].find((each) => isRowOf(row, each));
    if (failure === undefined) return true;
    left.delete(failure);
    return false;
  });
  return [
    ...unexpected.map((row) => `${row.feed}: ${row.object_key} is parked as ${row.state}: ${row.why}`),
    ...[...left].map(({ attachmentId }) => `attachment ${attachmentId} was refused and is not parked as failed`),
    ...raw.map(({ message_id, problem }) => `message ${message_id} could not be decoded: ${problem}`),
  ].map((text): Finding => ({ check: 'parked', text }));
}

function isRowOf(row: ParkedRow, { incidentId, attachmentId }: ExpectedFailure): boolean {
  const ids = row.object_key.match(/\d+/g)?.map(Number) ?? [];
  const named = row.object_key.includes('attachment') && ids.includes(incidentId) && ids.includes(attachmentId);
  return row.feed === 'resilient_feed' && row.state === 'failed' && named;
}
