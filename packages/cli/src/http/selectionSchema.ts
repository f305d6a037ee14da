import { z } from '@soar-feed/core';
import { PARKED_STATES } from '../selection.js';

/** The parked rows that somebody chose. */
export const selectionSchema = z.strictObject({
  feed: z.string().optional(),
  state: z.enum(PARKED_STATES).optional(),
  type: z.string().optional(),
  incidentId: z.int().optional(),
  objectId: z.int().optional(),
  code: z.string().optional(),
  messageId: z.string().optional(),
});
