import type { FeedEvent } from '@soar-feed/core';
import { anArtifact, anAttachment, anIncident, aNote, aRow, aTask } from '../events/builders.js';

/** An incident and one object of each type below it, parents first. */
export function oneOfEach(incidentId = 2100): readonly FeedEvent[] {
  const of = { incidentId };
  return [anIncident(of), aTask(of), aNote(of), anArtifact(of), anAttachment(of), aRow(of)];
}
