import { FeedError, z } from '@soar-feed/core';
import { healthOf, sharedRedactor } from '@soar-feed/core/runtime';
import type { FeedHost, HandReport, ParkedSelection, PromMetrics } from '@soar-feed/core/runtime';
import type { PageDoor } from '../page/PageDoor.js';
import { readinessOf } from './readinessOf.js';
import { reloadReply } from './reloadReply.js';
import { repairReply } from './repairReply.js';
import { selectionSchema } from './selectionSchema.js';
import type { Reply, Routes } from './serveRoutes.js';
import type { TapDoor } from './TapDoor.js';
import { wantsOpenMetrics } from './wantsOpenMetrics.js';

/** For anybody on this machine: read-only. */
export function statusRoutes(host: FeedHost, metrics: PromMetrics, tap: TapDoor): Routes {
  return {
    'GET /healthz': () => {
      const health = healthOf(host.status());
      const well = health.standby === undefined ? 'ok\n' : `standby: ${health.standby}\n`;
      const text = health.ok ? well : health.reasons.map((reason) => `${reason}\n`).join('');
      return { status: health.ok ? 200 : 503, body: sharedRedactor.redact(text) };
    },
    // The process answers: nothing that a restart would help is wrong.
    'GET /livez': () => ({ status: 200, body: 'ok\n' }),
    'GET /readyz': () => {
      const { ok, lines } = readinessOf(host.status());
      return { status: ok ? 200 : 503, body: sharedRedactor.redact(lines.map((line) => `${line}\n`).join('')) };
    },
    'GET /metrics': (_, { headers }) => metricsReply(metrics, headers.accept),
    'GET /status': () => statusReply(host),
    'GET /history': () => ({ status: 200, body: host.history() }),
    'GET /tap': (_, asked) => tap.reply(asked),
  };
}

/** For commands of the user that runs the host. */
export function controlRoutes(host: FeedHost, door: PageDoor, tap: TapDoor): Routes {
  return {
    'GET /status': () => statusReply(host),
    'GET /history': () => ({ status: 200, body: host.history() }),
    'GET /tap': (_, asked) => tap.reply(asked),
    'GET /page': () => doorReply(door),
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

async function metricsReply(metrics: PromMetrics, accept: string | undefined): Promise<Reply> {
  return wantsOpenMetrics(accept)
    ? { status: 200, body: await metrics.openMetrics(), contentType: metrics.openMetricsContentType }
    : { status: 200, body: await metrics.text(), contentType: metrics.contentType };
}

async function statusReply(host: FeedHost): Promise<Reply> {
  const report = await host.report();
  return { status: 200, body: sharedRedactor.redactAll(report) };
}

/** Where the page is, and the token for it: for nobody but the user that runs the host. */
function doorReply({ address, token }: PageDoor): Reply {
  if (address !== undefined) return { status: 200, body: { address, token } };
  const error =
    'The running host serves no page: set [feeds] status_port, leave page on, and start it again; its log says if the port could not be opened.';
  return { status: 503, body: { error, code: 'page-off' } };
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
