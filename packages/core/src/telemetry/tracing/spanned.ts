import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Attributes, Context, Link, Span } from '@opentelemetry/api';
import { codeOf } from './codeOf.js';

export const TRACER = 'soar-feed';

export interface SpanOptions {
  readonly name: string;
  readonly kind?: 'internal' | 'consumer' | 'client';
  readonly attributes: Attributes;
  /** Default: whatever is active. */
  readonly parent?: Context;
  readonly links?: readonly Link[];
}

const KINDS = { internal: SpanKind.INTERNAL, consumer: SpanKind.CONSUMER, client: SpanKind.CLIENT };

/**
 * Runs `work` within a span; without tracing it just runs. An error is told by its code alone: its message may quote an
 * incident.
 */
export async function spanned<T>(options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> {
  const { name, kind = 'internal', attributes, parent = context.active(), links = [] } = options;
  const given = { kind: KINDS[kind], attributes, links: [...links] };
  return trace.getTracer(TRACER).startActiveSpan(name, given, parent, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      failed(span, codeOf(error));
      throw error;
    } finally {
      span.end();
    }
  });
}

export function failed(span: Span, code: string): void {
  span.setStatus({ code: SpanStatusCode.ERROR, message: code });
  span.setAttribute('error.type', code);
}
