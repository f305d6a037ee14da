import { FeedError, z } from '@soar-feed/core';
import { sharedRedactor } from '@soar-feed/core/runtime';
import type { FeedHost, ReloadRequest } from '@soar-feed/core/runtime';
import type { Reply } from './serveRoutes.js';

const requestSchema = z.strictObject({
  minIncidentId: z.int().nonnegative().optional(),
  maxIncidentId: z.int().nonnegative().optional(),
  types: z.array(z.string()).optional(),
  feeds: z.array(z.string()).optional(),
  method: z.enum(['search', 'query']).optional(),
  allowDeletes: z.int().nonnegative().optional(),
});

/** A reload that a command asks the running host for; answered once everything has settled. */
export async function reloadReply(host: FeedHost, body: unknown): Promise<Reply> {
  const parsed = requestSchema.safeParse(body);
  if (!parsed.success) return refusal(`Not a reload: ${parsed.error.message}`, 'usage');
  const given = Object.entries(parsed.data).filter(([, value]) => value !== undefined);
  const request = { ...host.wholeRange(), ...(Object.fromEntries(given) as ReloadRequest) };
  try {
    const unknown = await host.unknownTypes(parsed.data.types ?? []);
    if (unknown.length > 0) return refusal(`--types names ${unknown.join('; and ')}`, 'usage');
    const report = await host.reload(request);
    return {
      status: 200,
      body: sharedRedactor.redactAll({ report, feeds: host.status().feeds, types: request.types }),
    };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return refusal(why, FeedError.is(error) ? error.kind : undefined, codeOf(error));
  }
}

function refusal(error: string, kind?: string, code = 'host-refused'): Reply {
  return { status: 503, body: { error: sharedRedactor.redact(error), kind, code } };
}

function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
}
