import type { SoarRequest } from './SoarRequest.js';

/** How errors name a request: never with its query or body. */
export function endpointOf(request: Pick<SoarRequest, 'method' | 'path'>): string {
  return `${request.method} ${request.path}`;
}
