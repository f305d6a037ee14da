import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Server } from 'node:http';
import multipart from '@fastify/multipart';
import { fastify } from 'fastify';
import type { FastifyInstance } from 'fastify';
import { readJson } from '../json/readJson.js';
import { writeJson } from '../json/writeJson.js';
import { asBag } from '../org/bag.js';
import type { Platform } from '../org/Platform.js';
import { invalid, PlatformError } from '../org/PlatformError.js';
import { asGateway, sorryPath } from './asGateway.js';
import { authenticate } from './authenticate.js';
import { Call } from './Call.js';
import { addHooks } from './faultHooks.js';
import type { HookWorld } from './faultHooks.js';
import { OrgRoutes } from './OrgRoutes.js';
import { artifactRoutes } from './routes/artifactRoutes.js';
import { attachmentRoutes } from './routes/attachmentRoutes.js';
import { configurationRoutes } from './routes/configurationRoutes.js';
import { incidentRoutes } from './routes/incidentRoutes.js';
import { milestoneRoutes } from './routes/milestoneRoutes.js';
import { noteRoutes } from './routes/noteRoutes.js';
import { orgRoutes } from './routes/orgRoutes.js';
import { sessionRoutes } from './routes/sessionRoutes.js';
import { tableRoutes } from './routes/tableRoutes.js';
import { taskRoutes } from './routes/taskRoutes.js';
import { timerRoutes } from './routes/timerRoutes.js';
import { typeRoutes } from './routes/typeRoutes.js';

export interface RestOptions {
  host: string;
  /** `undefined`: listens nowhere and takes only what `accept` brings. */
  port: number | undefined;
  tls: { key: string; cert: string } | undefined;
  platform: Platform;
  hooks: HookWorld;
}

export interface Rest {
  /** 0: it listens nowhere. */
  readonly port: number;
  /** Serves HTTP on a connection that somebody else made. */
  accept(connection: Duplex): void;
  stop(): Promise<void>;
}

/** Far above what the platform takes, so that the platform's own limits answer with their own errors. */
const bodyLimitBytes = 512 * 1024 * 1024;

/** The REST server of a platform. */
export async function startRest({ host, port, tls, platform, hooks }: RestOptions): Promise<Rest> {
  const common = { bodyLimit: bodyLimitBytes, forceCloseConnections: true, exposeHeadRoutes: false };
  const app: FastifyInstance = tls
    ? (fastify({ ...common, https: tls }) as unknown as FastifyInstance)
    : fastify<Server>(common);
  await app.register(multipart, { preservePath: true, limits: { fileSize: bodyLimitBytes, fieldSize: 10_000_000 } });
  app.setReplySerializer((payload) => writeJson(payload));
  parseBodies(app);
  addHooks(app, hooks);
  answerErrors(app);
  app.get(sorryPath, (_request, reply) => reply.send(asGateway(reply, { status: 200 })));
  sessionRoutes(app, platform);
  searchRoute(app, platform);
  const routes = new OrgRoutes(app, platform);
  for (const add of [
    orgRoutes,
    typeRoutes,
    incidentRoutes,
    taskRoutes,
    noteRoutes,
    artifactRoutes,
    attachmentRoutes,
    milestoneRoutes,
    tableRoutes,
    timerRoutes,
    configurationRoutes,
  ])
    add(routes);
  if (port === undefined) await app.ready();
  else await app.listen({ host, port });
  return {
    port: (app.server.address() as AddressInfo | null)?.port ?? 0,
    accept: (connection) => void app.server.emit('connection', connection),
    stop: () => app.close(),
  };
}

/** An empty body counts as no body, whatever its content type: IBM's client sends one with every DELETE. */
function parseBodies(app: FastifyInstance): void {
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? null : readJson(String(body)));
    } catch {
      done(invalid('The request body is not valid JSON.'));
    }
  });
}

function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const known = error instanceof PlatformError ? error : new PlatformError(error.statusCode ?? 500, error.message);
    return reply.code(known.status).send(known.toBody());
  });
  app.setNotFoundHandler((_request, reply) => {
    return reply.code(404).send(new PlatformError(404, 'HTTP 404 Not Found').toBody());
  });
}

/** A request to `search_ex` names its org in the body. */
function searchRoute(app: FastifyInstance, platform: Platform): void {
  app.post('/rest/search_ex', (request, reply) => {
    const body = asBag(request.body);
    const { login } = authenticate(platform, request);
    const org = login.orgs.find(
      ({ id, enabled }) => enabled && (body['org_id'] === undefined || id === body['org_id']),
    );
    if (!org) throw new PlatformError(403, 'You do not have permission to access this organization.');
    return new Call(org, request, reply, login.name).org.search.search(body);
  });
}
