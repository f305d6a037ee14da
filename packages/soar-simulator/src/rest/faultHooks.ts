import { writeJson } from '../json/writeJson.js';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FaultList } from '../faults/FaultList.js';
import type { FaultOptions } from '../faults/Faults.js';
import { asGateway } from './asGateway.js';
import { PlatformError } from '../org/PlatformError.js';
import type { Counters } from '../requests/Counters.js';
import type { HeardWrite } from '../requests/RequestCounters.js';
import { Places } from './Places.js';
import { orgAnswering } from './serverDate.js';

export interface HookWorld {
  faults: FaultList;
  counters: Counters;
  latencyMs: () => number;
  /** See `Simulator.capacity`. */
  capacity?: () => number | undefined;
  now: () => number;
  onWrite?: (write: HeardWrite) => void;
}

interface Struck {
  readonly fault: FaultOptions | undefined;
  readonly finished: (status: number) => void;
  readonly hear: (what: Pick<HeardWrite, 'body' | 'file'>) => void;
  /** True once no answer may be sent any more. */
  silent: boolean;
}

const struck = new WeakMap<FastifyRequest, Struck>();

/** Counting, faults and latency around every request: on arrival, before it takes effect, and before its answer. */
export function addHooks(
  app: FastifyInstance,
  { faults, counters, latencyMs, capacity, now, onWrite }: HookWorld,
): void {
  const places = new Places(() => capacity?.());
  app.addHook('onRequest', async (request, reply) => {
    const path = request.url.replace(/\?.*$/s, '');
    const [, orgText, below] = /^\/rest\/orgs\/(\d+)(\/.*)?$/.exec(path) ?? [];
    const org = Number(orgText ?? 0);
    const orgPath = orgText === undefined ? path.replace(/^\/rest/, '') : (below ?? '/');
    const route = request.routeOptions.url?.replace(/^\/rest(\/orgs\/:org(?=\/))?/, '') ?? orgPath;
    const { method } = request;
    const count = counters.arrived({ method, route, path, org, atMs: now() });
    let counted = false;
    // Only once: a request whose socket was cut may or may not reach onResponse.
    const finished = (status: number) => {
      if (!counted) count(status);
      counted = true;
    };
    const fault = faults.strike({ method, path, orgPath, org });
    const hear: Struck['hear'] = (what) => onWrite?.({ method, path, org, ...what });
    struck.set(request, { fault, finished, hear, silent: false });
    if (!fault) return served(places, org, reply);
    if (fault.delayMs !== undefined) await delay(fault.delayMs);
    if (fault.reset === 'before') return hangUp(request, reply);
    if (fault.status !== undefined && fault.reset === undefined) return answer(reply, fault, fault.status);
    if (fault.gateway && fault.gateway.commit !== 'after') return reply.send(asGateway(reply, fault.gateway));
    return served(places, org, reply);
  });

  // The handler reads a multipart body and passes the gate itself.
  app.addHook('preHandler', async (request) => {
    if (request.isMultipart()) return;
    if (request.method !== 'GET') heardBody(request, { body: request.body });
    await commitGate(request);
  });

  app.addHook('onSend', async (request, reply, payload) => {
    const state = struck.get(request);
    if (latencyMs() > 0 && !state?.silent) await delay(latencyMs());
    // A gateway sends its own time; all others know only their own clock.
    const org = state?.fault?.gateway ? undefined : orgAnswering(request);
    void reply.header('date', new Date(org?.state.now() ?? now()).toUTCString());
    if (state?.fault?.reset === 'after') {
      state.silent = true;
      request.raw.socket.destroy();
    }
    if (state?.fault?.gateway?.commit === 'after') return asGateway(reply, state.fault.gateway);
    if (state?.fault?.truncate && typeof payload === 'string') return cut(reply, payload);
    return payload;
  });

  app.addHook('onResponse', async (request, reply) => {
    const state = struck.get(request);
    state?.finished(state.silent ? 0 : reply.statusCode);
  });
}

/** Resolves when it is the request's turn; its place is free again once it was answered, or its client has gone. */
async function served(places: Places, org: number, reply: FastifyReply): Promise<void> {
  const leave = await places.enter(org);
  if (reply.raw.destroyed || reply.raw.closed) leave();
  else reply.raw.once('close', leave);
}

/**
 * Runs after the body was read and before the request takes effect: delays it, and with `lateCommitMs` cuts the socket
 * first.
 */
export async function commitGate(request: FastifyRequest): Promise<void> {
  const state = struck.get(request);
  if (state?.fault?.commitDelayMs !== undefined) await delay(state.fault.commitDelayMs);
  const lateMs = state?.fault?.lateCommitMs;
  if (!state || lateMs === undefined) return;
  state.silent = true;
  request.raw.socket.destroy();
  await delay(lateMs);
}

/** What a request brought, once it was read. */
export function heardBody(request: FastifyRequest, what: Pick<HeardWrite, 'body' | 'file'>): void {
  struck.get(request)?.hear(what);
}

function hangUp(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const state = struck.get(request);
  if (state) state.silent = true;
  state?.finished(0);
  reply.hijack();
  request.raw.socket.destroy();
  return reply;
}

function answer(reply: FastifyReply, fault: FaultOptions, status: number): FastifyReply {
  const { body = new PlatformError(status, `HTTP ${status}`).toBody(), headers = {}, retryAfterSeconds } = fault;
  void reply.code(status).type(typeof body === 'string' ? 'text/html' : 'application/json');
  if (retryAfterSeconds !== undefined) void reply.header('retry-after', String(retryAfterSeconds));
  return reply.headers(headers).send(typeof body === 'string' ? body : writeJson(body));
}

/** Promises the whole body, sends half of it, and breaks off. */
function cut(reply: FastifyReply, payload: string): Readable {
  const bytes = Buffer.from(payload);
  void reply.header('content-length', bytes.length);
  return Readable.from(half(bytes.subarray(0, Math.ceil(bytes.length / 2)), reply));
}

async function* half(bytes: Buffer, reply: FastifyReply): AsyncIterable<Buffer> {
  yield bytes;
  // The first half must leave before the connection breaks.
  await delay(20);
  reply.raw.destroy();
}
