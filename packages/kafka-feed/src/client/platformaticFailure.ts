import { KafkaFailure, kindOf } from './KafkaFailure.js';

interface LibraryError extends Error {
  readonly code?: string;
  /** The protocol's name of an error that a broker answered. */
  readonly apiId?: string;
  readonly canRetry?: boolean;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
}

/** What `@platformatic/kafka` threw, as a `KafkaFailure`: the broker's own error is inside of others. */
export function platformaticFailure(error: unknown): KafkaFailure {
  if (error instanceof KafkaFailure) return error;
  const all = errorsIn(error as LibraryError);
  const answered = all.find(({ apiId }) => typeof apiId === 'string' && apiId !== 'NONE');
  const text = messageOf(all);
  if (answered?.apiId !== undefined) {
    return new KafkaFailure(kindOf(answered.apiId), answered.apiId, `${answered.message || text}`, error);
  }
  if (all.some(({ message = '' }) => message.startsWith('Unknown topic'))) {
    return new KafkaFailure('topic', 'UNKNOWN_TOPIC_OR_PARTITION', text, error);
  }
  // A request without an answer in time says nothing about the cluster as a whole.
  if (all.some(({ message }) => message === 'Request timed out')) {
    return new KafkaFailure('retry', 'REQUEST_TIMED_OUT', text, error);
  }
  return new KafkaFailure('away', all[0]?.code ?? 'UNKNOWN', text, error);
}

/** The error and all inside, outermost first. */
function errorsIn(error: LibraryError, depth = 0): readonly LibraryError[] {
  if (typeof error !== 'object' || error === null || depth > 8) return [];
  const inner = [...(Array.isArray(error.errors) ? error.errors : []), error.cause] as LibraryError[];
  return [error, ...inner.flatMap((one) => errorsIn(one, depth + 1))];
}

/** The innermost says most: "connect ECONNREFUSED 127.0.0.1:9092". */
function messageOf(all: readonly LibraryError[]): string {
  return all.findLast(({ message }) => typeof message === 'string' && message !== '')?.message ?? 'no reason given';
}
