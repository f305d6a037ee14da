import type { Readable } from 'node:stream';
import type { AxiosAdapter, InternalAxiosRequestConfig } from 'axios';
import type FormData from 'form-data';
import type { Dispatcher } from 'undici';
import { decoded } from './decoded.js';
import { Exchange } from './Exchange.js';
import type { Head, Seen } from './Exchange.js';
import { textOf } from './textOf.js';

export interface PoolAdapterOptions {
  /** The body as a stream, as it came over the wire; otherwise as text, unpacked. */
  readonly asStream: boolean;
  /** Bytes of an answer that is taken as text, unpacked. */
  readonly maxAnswerBytes: number;
  readonly seen: Seen;
}

/** axios' way to the wire for one request: over a pool of undici, without redirects. */
export function poolAdapter(pool: Dispatcher, { asStream, maxAnswerBytes, seen }: PoolAdapterOptions): AxiosAdapter {
  return async (config) => {
    const exchange = new Exchange(seen, config.signal as AbortSignal | undefined);
    const head = await exchange.send(pool, {
      method: (config.method ?? 'get').toUpperCase() as Dispatcher.HttpMethod,
      path: pathOf(config),
      headers: headersOf(config),
      body: (config.data ?? null) as string | Readable | null,
    });
    const data = asStream ? head.body : await textOf(unpacked(head), maxAnswerBytes);
    return { data, status: head.status, statusText: '', headers: head.headers, config };
  };
}

function pathOf({ url = '/', baseURL }: InternalAxiosRequestConfig): string {
  const { pathname, search } = new URL(url, baseURL);
  return pathname + search;
}

function headersOf({ headers, data }: InternalAxiosRequestConfig): Record<string, string> {
  const all = headers.toJSON() as Record<string, string>;
  const form = data as FormData | string | undefined;
  if (typeof form === 'object' && form.hasKnownLength()) all['Content-Length'] = String(form.getLengthSync());
  return all;
}

/** A text in an encoding that nobody here knows stays as it is: whoever reads it finds that it is no JSON. */
function unpacked({ status, headers, body }: Head): Readable {
  const encoding = headers['content-encoding'];
  if (typeof encoding !== 'string' || status === 204) return body;
  return decoded(body, encoding) ?? body;
}
