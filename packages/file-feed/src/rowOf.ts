import { flatten } from '@soar-feed/core';
import type { FeedEvent } from '@soar-feed/core';

/** Types that have a `content`, as IBM writes them: null where bytes are not asked for, or are none. */
const WITH_CONTENT: ReadonlySet<string> = new Set(['artifact', 'attachment']);

/** The object flat, as IBM's FileFeed writes it, with `inc_id` and `id`. */
export function rowOf(event: FeedEvent): Readonly<Record<string, unknown>> {
  const { content: _, ...row } = flatten(event);
  return WITH_CONTENT.has(event.key.type) ? { ...row, content: null } : flatten(event);
}
