import type { SoarRequest } from '../rest/SoarRequest.js';

/** `POST /rest/orgs/#/incidents/#/comments`: requests of one kind take about as long as each other. */
export function kindOf({ method, path }: Pick<SoarRequest, 'method' | 'path'>): string {
  return `${method} ${path.replace(/\/\d+(?=\/|$)/g, '/#')}`;
}
