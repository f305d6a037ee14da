import { context, SpanKind, trace } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/api';
import { requestChannel } from '@soar-feed/soar-client';
import type { TracedRequest } from '@soar-feed/soar-client';
import { codeOf } from './codeOf.js';
import { failed, TRACER } from './spanned.js';

/** Makes a span of every request to an organization, below what is active. Returns what ends it. */
export function traceRequests(): () => void {
  const spans = new WeakMap<object, Span>();
  const subscribers = {
    start: (request: TracedRequest): void => {
      const { method, path, host, port } = request;
      const attributes = {
        'http.request.method': method,
        'url.path': path,
        'server.address': host,
        'server.port': port,
      };
      const span = trace.getTracer(TRACER).startSpan(method, { kind: SpanKind.CLIENT, attributes }, context.active());
      spans.set(request, span);
    },
    end: (): void => undefined,
    asyncStart: (): void => undefined,
    asyncEnd: (request: TracedRequest): void => {
      const span = spans.get(request);
      if (span === undefined) return;
      const { result, error } = request;
      if (result !== undefined) span.setAttribute('http.response.status_code', result.status);
      if (result !== undefined && result.status >= 400) failed(span, String(result.status));
      if (error !== undefined) failed(span, codeOf(error));
      span.end();
    },
    error: (): void => undefined,
  };
  requestChannel.subscribe(subscribers);
  return () => requestChannel.unsubscribe(subscribers);
}
