import { setTimeout as sleep } from 'node:timers/promises';
import type { SimOrg } from '@soar-feed/soar-simulator';
import { epochMs } from './epochMs.js';

export interface Change {
  readonly noteId: number;
  readonly madeAtMs: number;
  /** When the platform received the answer, which comes right before the acknowledgement. */
  readonly answeredAtMs: number;
}

/**
 * Adds notes at an even pace, to all incidents in turn; resolves once the message of the last note has been answered.
 */
export async function makeChanges(
  source: SimOrg,
  { changes, perSecond }: { readonly changes: number; readonly perSecond: number },
): Promise<readonly Change[]> {
  const incidents = source.incidentIds();
  const answered: Promise<Change>[] = [];
  const startedAt = performance.now();
  for (let count = 0; count < changes; count += 1) {
    await sleep(Math.max(0, startedAt + (count * 1_000) / perSecond - performance.now()));
    const before = source.invocations().length;
    const madeAtMs = epochMs();
    const incidentId = incidents[count % incidents.length] as number;
    const { id: noteId } = source.addNote({ incidentId }, `Live note ${count}`);
    const sent = source.invocations().slice(before);
    answered.push(
      Promise.all(sent.map(({ done }) => done)).then(() => ({ noteId, madeAtMs, answeredAtMs: epochMs() })),
    );
  }
  return Promise.all(answered);
}
