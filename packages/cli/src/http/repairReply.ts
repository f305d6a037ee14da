import { FeedError, z } from '@soar-feed/core';
import { sharedRedactor } from '@soar-feed/core/runtime';
import type { FeedHost } from '@soar-feed/core/runtime';
import type { Reply } from './serveRoutes.js';

const repairSchema = z.strictObject({
  feed: z.string(),
  incidentId: z.int().nonnegative(),
  objects: z.array(z.strictObject({ type: z.string(), objectId: z.int().nonnegative() })),
  deletes: z.int().nonnegative(),
});

/** A repair that a command asks the running host for; answered once everything has settled. */
export async function repairReply(host: FeedHost, body: unknown): Promise<Reply> {
  const parsed = repairSchema.safeParse(body);
  if (!parsed.success) return { status: 400, body: { error: `Not a repair: ${parsed.error.message}` } };
  try {
    return { status: 200, body: sharedRedactor.redactAll(await host.repair(parsed.data)) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const about = FeedError.is(error) ? { kind: error.kind, code: error.code } : {};
    return { status: 503, body: { error: sharedRedactor.redact(why), ...about } };
  }
}
