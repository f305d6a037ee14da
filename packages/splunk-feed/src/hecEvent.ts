import { hostname } from 'node:os';
import { writeJson } from '@soar-feed/core';
import type { FeedEvent, ObjectKey } from '@soar-feed/core';
import type { SplunkFeedSection } from './config.js';
import { eventTimeMs } from './eventTime.js';
import { idText } from './idText.js';

/** What an event stands for, beside its members. */
export interface Meaning {
  readonly key: ObjectKey;
  readonly op: 'upsert' | 'delete';
  /** Grows with every event of the object: the highest one is its present state. */
  readonly version: number;
}

/** One event as the collector takes it, as JSON: IBM's members, and three fields to find the newest state by. */
export function hecEvent(
  event: FeedEvent,
  { key, op, version }: Meaning,
  members: Readonly<Record<string, unknown>>,
  section: SplunkFeedSection,
  nowMs: number,
): string {
  const {
    event_host: host = hostname(),
    event_source: source,
    sourcetype_prefix: prefix,
    index,
    indexed_fields: isIndexed,
  } = section;
  const ours = { soar_key: idText(key), soar_version: String(version), soar_op: op };
  const timeMs = section.event_time === 'now' ? nowMs : op === 'delete' ? event.observedAtMs : eventTimeMs(event);
  return writeJson({
    event: isIndexed ? members : { ...members, ...ours },
    time: (timeMs / 1000).toFixed(3),
    host,
    sourcetype: `${prefix}${key.type}`,
    ...(source === undefined ? {} : { source }),
    ...(index === undefined ? {} : { index }),
    ...(isIndexed ? { fields: ours } : {}),
  });
}
