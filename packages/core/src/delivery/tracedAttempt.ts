import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { objectAttributes } from '../telemetry/tracing/objectAttributes.js';
import { failed, spanned } from '../telemetry/tracing/spanned.js';
import { classify } from '../trouble/classify.js';
import type { Attempted } from './attempt.js';
import type { Entry } from './Entry.js';

/**
 * One call of a target as a span: below the message that brought the event, where it was one; the messages of the others in a
 * batch are linked.
 */
export async function tracedAttempt(
  feed: string,
  entries: readonly Entry[],
  work: () => Promise<readonly Attempted[]>,
): Promise<readonly Attempted[]> {
  const [first, ...others] = entries;
  const links = others.flatMap(({ traced }) => {
    const context = trace.getSpanContext(traced);
    return context === undefined ? [] : [{ context }];
  });
  const attributes = {
    'soar_feed.feed': feed,
    'soar_feed.events': entries.length,
    'soar_feed.attempt': Math.max(...entries.map((entry) => entry.attempts)) + 1,
    ...(first === undefined || others.length > 0 ? {} : objectAttributes(first.event)),
  };
  const parent = first?.traced ?? ROOT_CONTEXT;
  return spanned({ name: 'deliver', attributes, parent, links }, async (span) => {
    const attempted = await work();
    span.setAttribute(
      'soar_feed.outcome',
      [...new Set(attempted.map(({ outcome }) => outcome.status))].sort().join(','),
    );
    const errors = attempted.flatMap(({ outcome }) => (outcome.status === 'failed' ? [outcome.error] : []));
    if (errors.length > 0) failed(span, classify(errors[0]).code);
    return attempted;
  });
}
