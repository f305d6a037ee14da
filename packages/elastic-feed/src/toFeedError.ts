import { classifyHttpStatus, PermanentError, RetryableError, UnavailableError } from '@soar-feed/core';
import type { FeedError } from '@soar-feed/core';

/** What both clients throw, as far as we read it. */
interface ClientFailure {
  readonly name?: string;
  readonly message?: string;
  readonly meta?: {
    readonly statusCode?: number;
    readonly headers?: Readonly<Record<string, unknown>>;
    readonly body?: unknown;
  };
}

/**
 * A failed request in the words of the contract. The client's own error is not passed on: it holds the request, with its
 * documents and its login, and the server's reason may quote a value. Rethrows what the signal gave up, as it is.
 */
export function toFeedError(thrown: unknown, doing: string, signal: AbortSignal): FeedError {
  signal.throwIfAborted();
  const { name = '', message = '', meta } = (thrown ?? {}) as ClientFailure;
  const status = meta?.statusCode;
  if (name === 'ProductNotSupportedError') {
    return new UnavailableError(
      `${doing}: what answers is not Elasticsearch (it sends no x-elastic-product header); set flavour=opensearch if it is OpenSearch.`,
      { code: 'elastic-product' },
    );
  }
  if (status !== undefined && status >= 300) return ofStatus(status, meta?.headers ?? {}, meta?.body, doing);
  if (name === 'TimeoutError') {
    return new RetryableError(`${doing}: no answer in time.`, { code: 'elastic-timeout' });
  }
  if (name === 'DeserializationError') {
    return new UnavailableError(`${doing}: the answer is no JSON; is a proxy or a portal in between?`, {
      code: 'elastic-odd-answer',
    });
  }
  if (/certificate|self.signed|issuer|altnames|SSL|TLS|EPROTO/i.test(message)) {
    return new UnavailableError(`${doing}: ${message}; check url, cafile and ca_fingerprint.`, { code: 'elastic-tls' });
  }
  return new UnavailableError(`${doing}: the server cannot be reached (${shortly(message || String(name))}).`, {
    code: 'elastic-unreachable',
  });
}

function ofStatus(status: number, headers: Readonly<Record<string, unknown>>, body: unknown, doing: string): FeedError {
  const type = errorType(body);
  const problem = `${doing}: the server answered ${status}${type === undefined ? '' : ` (${type})`}`;
  if (status === 401) {
    return new UnavailableError(`${problem}; check auth_user and auth_password, or api_key.`, {
      code: 'elastic-login',
    });
  }
  if (isReadOnly(type, status)) return readOnly(doing);
  const { verdict, retryAfterMs } = classifyHttpStatus(status, headers);
  const details = { code: `elastic-${status}`, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  if (status === 502 || status === 503 || status === 504 || status < 400)
    return new UnavailableError(`${problem}.`, details);
  if (verdict === 'retryable') return new RetryableError(`${problem}.`, details);
  return new PermanentError(`${problem}.`, { ...details, cause: statusOnly(status) });
}

/** The disk is full, so the server allows deletes only; or somebody blocked the index. Nothing of it is the object's fault. */
export function isReadOnly(type: string | undefined, status: number): boolean {
  return type === 'cluster_block_exception' && (status === 403 || status === 429 || status === 503);
}

export function readOnly(doing: string): UnavailableError {
  return new UnavailableError(
    `${doing}: the index is read-only, mostly because the server's disk is full (flood stage); free some space, and the feed goes on.`,
    { code: 'elastic-read-only' },
  );
}

/** For the engine, which asks the target's health before it believes a 403. */
export function statusOnly(status: number): Error {
  return Object.assign(new Error(`status ${status}`), { status });
}

function errorType(body: unknown): string | undefined {
  const type = (body as { error?: { type?: unknown } } | undefined)?.error?.type;
  return typeof type === 'string' && /^\w{1,80}$/.test(type) ? type : undefined;
}

/** Messages of sockets hold addresses only; longer ones come from elsewhere. */
function shortly(message: string): string {
  return message.length > 120 ? `${message.slice(0, 120)}…` : message;
}
