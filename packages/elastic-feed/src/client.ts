import { Client as Elasticsearch, HttpConnection, Serializer as ElasticsearchSerializer } from '@elastic/elasticsearch';
import { Client as OpenSearch, Serializer as OpenSearchSerializer } from '@opensearch-project/opensearch';
import { parseJson } from '@soar-feed/core';
import type { ConnectionOptions } from 'node:tls';

/** One request, in the words that both clients share. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'HEAD';
  /** Its parts are already escaped. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** Lines of a bulk request, each JSON without a line break. */
  readonly lines?: readonly string[];
  /** Statuses from 400 that are an answer, not a failure. */
  readonly also?: readonly number[];
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

export type Flavour = 'elasticsearch' | 'opensearch';

/** The one place that knows the two official clients. Their errors pass as they are (`toFeedError` reads them). */
export interface SearchClient {
  readonly flavour: Flavour;
  request(call: Call, signal: AbortSignal): Promise<Answer>;
  close(): Promise<void>;
}

export interface ClientSettings {
  /** With port and path. */
  readonly node: string;
  /** Value of the `authorization` header. */
  readonly authorization?: string;
  readonly tls: ConnectionOptions;
  /** URL of the proxy, with its login. */
  readonly proxy?: string;
}

/** Longest wait for an answer, ms; `deliver_timeout` gives up earlier. */
const ANSWER_WITHIN_MS = 120_000;

export function makeClient(flavour: Flavour, settings: ClientSettings): SearchClient {
  return flavour === 'elasticsearch' ? elasticsearch(settings) : openSearch(settings);
}

function elasticsearch(settings: ClientSettings): SearchClient {
  const client = new Elasticsearch({
    ...common(settings),
    // The default connection takes no proxy.
    Connection: HttpConnection,
    Serializer: class extends ElasticsearchSerializer {
      override deserialize<T = unknown>(json: string): T {
        return readAnswer(json) as T;
      }
    },
    tls: settings.tls,
    ...(settings.proxy === undefined ? {} : { proxy: settings.proxy }),
  });
  return {
    flavour: 'elasticsearch',
    async request({ method, path, query = {}, body, lines, also = [] }, signal) {
      const media = `application/vnd.elasticsearch+${lines === undefined ? 'json' : 'x-ndjson'}; compatible-with=8`;
      const answer = await client.transport.request(
        {
          method,
          path,
          querystring: query,
          ...(body === undefined ? {} : { body }),
          ...(lines === undefined ? {} : { bulkBody: [...lines] }),
        },
        {
          signal,
          ignore: [...also],
          meta: true,
          headers: {
            accept: 'application/vnd.elasticsearch+json; compatible-with=8',
            ...(body === undefined && lines === undefined ? {} : { 'content-type': media }),
          },
        },
      );
      return { status: answer.statusCode, headers: answer.headers, body: answer.body };
    },
    close: () => client.close(),
  };
}

function openSearch(settings: ClientSettings): SearchClient {
  const client = new OpenSearch({
    ...common(settings),
    ssl: settings.tls,
    Serializer: class extends OpenSearchSerializer {
      override deserialize(json: string): unknown {
        return readAnswer(json);
      }
    },
    resurrectStrategy: 'none',
    ...(settings.proxy === undefined ? {} : { proxy: settings.proxy }),
  });
  return {
    flavour: 'opensearch',
    async request({ method, path, query = {}, body, lines, also = [] }, signal) {
      signal.throwIfAborted();
      const request = client.transport.request(
        {
          method,
          path,
          querystring: query,
          ...(body === undefined ? {} : { body }),
          ...(lines === undefined ? {} : { bulkBody: [...lines] }),
        },
        { ignore: [...also] },
      );
      // This client knows no signal. Its `abort` returns something like a promise, which must not be the listener's result:
      // the rejection would end the process.
      const abort = (): void => {
        request.abort();
      };
      signal.addEventListener('abort', abort, { once: true });
      try {
        const answer = await request;
        return { status: answer.statusCode ?? 0, headers: answer.headers ?? {}, body: answer.body as unknown };
      } finally {
        signal.removeEventListener('abort', abort);
      }
    },
    close: () => client.close(),
  };
}

/** Keeps all digits of a number, and takes any name of a field. */
function readAnswer(json: string): unknown {
  try {
    return parseJson(json);
  } catch {
    throw Object.assign(new Error('no JSON'), { name: 'DeserializationError' });
  }
}

function common({ node, authorization }: ClientSettings) {
  return {
    node,
    // The engine does all retrying.
    maxRetries: 0,
    requestTimeout: ANSWER_WITHIN_MS,
    headers: authorization === undefined ? {} : { authorization },
  };
}
