import type { FastifyRequest } from 'fastify';
import type { Org } from '../org/Org.js';

const answering = new WeakMap<FastifyRequest, Org>();

/** The org whose server answers: orgs of one simulator stand for servers with clocks of their own. */
export function answeredBy(request: FastifyRequest, org: Org | undefined): void {
  if (org) answering.set(request, org);
}

export function orgAnswering(request: FastifyRequest): Org | undefined {
  return answering.get(request);
}
