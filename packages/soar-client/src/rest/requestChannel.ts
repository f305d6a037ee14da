import { tracingChannel } from 'node:diagnostics_channel';

/** One request over the wire, for whoever traces requests; never its query, headers or body. */
export interface TracedRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly host: string;
  readonly port: number;
  /** Once it is answered. */
  result?: { readonly status: number };
  /** Once it has failed. */
  error?: unknown;
}

/** Tells of every request, as `node:diagnostics_channel` describes; costs next to nothing while nobody subscribes. */
export const requestChannel = tracingChannel<'soar-client.request', TracedRequest>('soar-client.request');
