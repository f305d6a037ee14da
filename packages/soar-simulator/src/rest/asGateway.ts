import { STATUS_CODES } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { GatewayAnswer } from '../faults/Faults.js';

/** The page to which a gateway redirects callers while the platform is away. */
export const sorryPath = '/sorry.html';

const contentTypes = { html: 'text/html; charset=utf-8', text: 'text/plain; charset=utf-8', json: 'application/json' };

/** Turns an answer into a gateway's: sets status and headers, returns the body. */
export function asGateway(reply: FastifyReply, { status, page = 'html' }: GatewayAnswer): string {
  for (const name of Object.keys(reply.getHeaders())) if (name !== 'date') void reply.removeHeader(name);
  void reply.code(status).header('server', 'nginx').header('content-type', contentTypes[page]);
  if (status >= 300 && status < 400) void reply.header('location', sorryPath);
  return bodies[page](status, STATUS_CODES[status] ?? 'Error');
}

const bodies: Record<keyof typeof contentTypes, (status: number, words: string) => string> = {
  html: (status, words) =>
    `<html>\r\n<head><title>${status} ${words}</title></head>\r\n<body><center><h1>${status} ${words}</h1></center></body>\r\n</html>\r\n`,
  text: (status) => `default backend - ${status}`,
  json: (status, words) => JSON.stringify({ message: words, code: status, request_id: '7f0c9a' }),
};
