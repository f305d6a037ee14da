import { z } from '@soar-feed/core';
import type { EventWatch } from '@soar-feed/core/runtime';
import { TapStream } from '../tap/TapStream.js';
import type { Asked, Reply } from './serveRoutes.js';

/** Readers at once: each costs the host a little with every event. */
const MOST_READERS = 16;

const querySchema = z.strictObject({
  incident: z.coerce.number().int().nonnegative().optional(),
  feed: z.string().optional(),
  type: z.string().optional(),
  fields: z.enum(['true', 'false']).optional(),
});

/** The events of one host, to its readers. */
export class TapDoor {
  private readonly ending = new AbortController();
  private readers = 0;

  constructor(private readonly events: Pick<EventWatch, 'listen'>) {}

  /** Events as they pass: lines of JSON, or server-sent events where the request accepts them. */
  reply({ query, headers }: Asked): Reply {
    const parsed = querySchema.safeParse(Object.fromEntries(query));
    if (!parsed.success) return { status: 400, body: { error: `Not a filter of events: ${parsed.error.message}` } };
    if (this.readers >= MOST_READERS) {
      const error = `${MOST_READERS} readers follow the events already: end one of them first.`;
      return { status: 503, body: { error, code: 'too-many-readers' } };
    }
    const { fields, ...filter } = parsed.data;
    const format = headers.accept?.includes('text/event-stream') === true ? 'events' : 'lines';
    const body = new TapStream(this.events, {
      ...{ filter, format, fields: fields === 'true', ending: this.ending.signal },
    });
    this.readers += 1;
    body.once('close', () => (this.readers -= 1));
    const contentType = format === 'events' ? 'text/event-stream' : 'application/x-ndjson';
    return { status: 200, body, contentType };
  }

  /** Ends all streams: the host stops. */
  close(): void {
    this.ending.abort();
  }
}
