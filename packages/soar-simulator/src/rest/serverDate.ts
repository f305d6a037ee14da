import type { FastifyRequest } from 'fastify';
import type { Org } from '../org/Org.js';

const answering = new WeakMap<FastifyRequest, Org>();

/** Sets the org whose server answers: the orgs of one simulator stand for servers with their own clocks. */
export function answeredBy(request: FastifyRequest, org: Org | undefined): void {
  if (org) answering.set(request, org);
}

export function orgAnswering(request: FastifyRequest): Org | undefined {
  return answering.get(request);
}
