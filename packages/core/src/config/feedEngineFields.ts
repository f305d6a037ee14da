import { z } from 'zod';
import { defined } from './connectionFields.js';
import { field, NOT_ACCEPTED } from './field.js';
import { readQuietHours } from './readQuietHours.js';

/** Keys of every feed's section that the engine takes out before the target's own schema sees the rest. */
export const feedEngineFields = z.object({
  class: field.text({ doc: 'The target: its type or one of its aliases.' }),
  concurrency: field
    .parsed<number | 'auto'>(readConcurrency, {
      accepts: 'auto, or a whole number from 1 to 256',
      doc: 'Incidents delivered at the same time. auto: what the target says; a replica finds out what its server bears.',
    })
    .default('auto'),
  quiet_hours: field
    .parsed(readQuietHours, {
      accepts: 'hours such as 08:00-18:00, mon-fri 08:00-18:00, or mon-fri 08:00-18:00 Europe/Berlin',
      doc: 'Hours in which a reload delivers one incident at a time; live changes go on. Default zone: that of the host.',
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
  show_in_source: field
    .flag({
      doc: 'Show each incident of the source its link, state and last sync at this feed, in the fields that soar-feed customize makes.',
    })
    .default(false),
});

export interface FeedEngineSettings {
  /** As written in `class=`. */
  readonly className: string;
  /** Absent: the target's own value, or what it finds out. */
  readonly concurrency?: number;
  /** Whether a reload holds back at this time; ms since the epoch. */
  readonly quietHours?: (nowMs: number) => boolean;
  readonly maxAttempts: number;
  readonly deliverTimeoutMs: number;
  readonly maxPauseMs: number;
  readonly spillAfterMs: number;
  readonly showInSource: boolean;
}

export function toFeedEngineSettings(
  section: z.output<typeof feedEngineFields>,
  spillAfterMs: number,
): FeedEngineSettings {
  return {
    className: section.class,
    ...defined({ concurrency: section.concurrency === 'auto' ? undefined : section.concurrency }),
    ...defined({ quietHours: section.quiet_hours }),
    maxAttempts: section.max_attempts,
    deliverTimeoutMs: section.deliver_timeout,
    maxPauseMs: section.max_pause,
    spillAfterMs: section.spill_after ?? spillAfterMs,
    showInSource: section.show_in_source,
  };
}

function readConcurrency(text: string): number | 'auto' {
  if (text.toLowerCase() === 'auto') return 'auto';
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || number > 256) throw new Error(NOT_ACCEPTED);
  return number;
}
