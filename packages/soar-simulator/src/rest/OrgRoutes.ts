import type { FastifyInstance } from 'fastify';
import type { Platform } from '../org/Platform.js';
import { Call } from './Call.js';

export type Handler = (call: Call) => unknown;

/** Adds routes below `/rest/orgs/{org}`: each authenticates for the org and answers the handler's result as JSON. */
export class OrgRoutes {
  constructor(
    private readonly app: FastifyInstance,
    private readonly platform: Platform,
  ) {}

  get(path: string, handler: Handler): void {
    this.add('GET', path, handler);
  }

  post(path: string, handler: Handler): void {
    this.add('POST', path, handler);
  }

  put(path: string, handler: Handler): void {
    this.add('PUT', path, handler);
  }

  patch(path: string, handler: Handler): void {
    this.add('PATCH', path, handler);
  }

  delete(path: string, handler: Handler): void {
    this.add('DELETE', path, handler);
  }

  private add(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, handler: Handler): void {
    this.app.route({
      method,
      url: `/rest/orgs/:org${path}`,
      // HEAD routes would double every GET route in the counters.
      exposeHeadRoute: false,
      handler: async (request, reply) => {
        const result = await handler(Call.of(this.platform, request, reply));
        if (reply.sent || result === reply) return reply;
        return reply.send(result);
      },
    });
  }
}
