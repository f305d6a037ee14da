import { z } from 'zod';
import { defined } from './connectionFields.js';
import { field } from './field.js';

/** Keys of every feed's section that the engine takes out before the target's own schema sees the rest. */
export const feedEngineFields = z.object({
  class: field.text({ doc: 'The target: its type or one of its aliases.' }),
  concurrency: field
    .integer({
      min: 1,
      max: 256,
      unit: 'incidents',
      doc: 'Incidents delivered at the same time; default: what the target says.',
    })
    .optional(),
  max_attempts: field
    .integer({
      min: 1,
      max: 1000,
      unit: 'attempts',
      doc: 'Attempts to deliver one event before it is parked as failed.',
    })
    .default(8),
  deliver_timeout: field.duration({ min: 100, doc: 'Longest time for one delivery.' }).default(60_000),
  max_pause: field
    .duration({
      min: 1000,
      doc: 'Longest pause that the target may ask for (Retry-After); a longer one is cut to this.',
    })
    .default(300_000),
  spill_after: field.duration({ min: 1000, doc: 'As in [feeds], for this feed.' }).optional(),
});

export interface FeedEngineSettings {
  /** As written in `class=`. */
  readonly className: string;
  /** Absent: the target's own value. */
  readonly concurrency?: number;
  readonly maxAttempts: number;
  readonly deliverTimeoutMs: number;
  readonly maxPauseMs: number;
  readonly spillAfterMs: number;
}

export function toFeedEngineSettings(
  section: z.output<typeof feedEngineFields>,
  spillAfterMs: number,
): FeedEngineSettings {
  return {
    className: section.class,
    ...defined({ concurrency: section.concurrency }),
    maxAttempts: section.max_attempts,
    deliverTimeoutMs: section.deliver_timeout,
    maxPauseMs: section.max_pause,
    spillAfterMs: section.spill_after ?? spillAfterMs,
  };
}
