import { FeedError, z } from '@soar-feed/core';
import { healthOf, sharedRedactor } from '@soar-feed/core/runtime';
import type { FeedHost, HandReport, ParkedSelection, PromMetrics } from '@soar-feed/core/runtime';
import { PARKED_STATES } from '../selection.js';
import { readinessOf } from './readinessOf.js';
import { reloadReply } from './reloadReply.js';
import { repairReply } from './repairReply.js';
import type { Reply, Routes } from './serveRoutes.js';

/** For anybody on this machine: read-only. */
export function statusRoutes(host: FeedHost, metrics: PromMetrics): Routes {
  return {
    'GET /healthz': () => {
      const health = healthOf(host.status());
      const text = health.ok ? 'ok\n' : health.reasons.map((reason) => `${reason}\n`).join('');
      return { status: health.ok ? 200 : 503, body: sharedRedactor.redact(text) };
    },
    // The process answers: nothing that a restart would help is wrong.
    'GET /livez': () => ({ status: 200, body: 'ok\n' }),
    'GET /readyz': () => {
      const { ok, lines } = readinessOf(host.status());
      return { status: ok ? 200 : 503, body: sharedRedactor.redact(lines.map((line) => `${line}\n`).join('')) };
    },
    'GET /metrics': async () => ({ status: 200, body: await metrics.text(), contentType: metrics.contentType }),
    'GET /status': () => statusReply(host),
  };
}

/** For commands of the user that runs the host. */
export function controlRoutes(host: FeedHost): Routes {
  return {
    'GET /status': () => statusReply(host),
    'POST /reload': (body) => reloadReply(host, body),
    'POST /repair': (body) => repairReply(host, body),
    'POST /parked/retry': (body) => byHand(body, (selection) => host.retryParked(selection)),
    'POST /parked/drop': (body) => byHand(body, (selection) => host.dropParked(selection)),
    'POST /parked/adopt': (body) => {
      const { targetId, ...selection } = { ...(body as { readonly targetId?: unknown }) };
      const id = z.int().positive().safeParse(targetId);
      if (!id.success) return { status: 400, body: { error: `Not the id of an object: ${id.error.message}` } };
      return byHand(selection, (row) => host.adoptParked(row, id.data));
    },
  };
}

const selectionSchema = z.strictObject({
  feed: z.string().optional(),
  state: z.enum(PARKED_STATES).optional(),
  type: z.string().optional(),
  incidentId: z.int().optional(),
  objectId: z.int().optional(),
  code: z.string().optional(),
  messageId: z.string().optional(),
});

async function statusReply(host: FeedHost): Promise<Reply> {
  const report = await host.report();
  return { status: 200, body: sharedRedactor.redactAll(report) };
}

async function byHand(body: unknown, action: (selection: ParkedSelection) => Promise<HandReport>): Promise<Reply> {
  const parsed = selectionSchema.safeParse(body);
  // A typo in a filter must not select everything.
  if (!parsed.success) return { status: 400, body: { error: `Not a selection: ${parsed.error.message}` } };
  const given = Object.entries(parsed.data).filter(([, value]) => value !== undefined);
  try {
    const { touched: _, ...report } = await action(Object.fromEntries(given));
    return { status: 200, body: report };
  } catch (error) {
    if (!FeedError.is(error)) throw error;
    return { status: 503, body: { error: sharedRedactor.redact(error.message), code: error.code, kind: error.kind } };
  }
}
