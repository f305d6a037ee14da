import type { World } from '../world/World.js';

/** An object that the target refuses for good, as the source knows it. */
export interface ExpectedFailure {
  readonly incidentId: number;
  readonly attachmentId: number;
}

/** The poisoned objects that nobody deleted. */
export function expectedFailures({ source, poisoned }: World): readonly ExpectedFailure[] {
  const incidents = new Set(source.incidentIds());
  return poisoned.filter(
    ({ incidentId, attachmentId }) =>
      incidents.has(incidentId) && source.attachments({ incidentId }).some(({ id }) => id === attachmentId),
  );
}
