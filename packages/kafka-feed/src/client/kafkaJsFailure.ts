import { KafkaFailure, kindOf } from './KafkaFailure.js';

interface KafkaJsError extends Error {
  readonly type?: string;
  readonly cause?: unknown;
}

/** kafkajs's names for a cluster that is not there, or does not let us in. */
const AWAY: ReadonlySet<string> = new Set([
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSBrokerNotFound',
  'KafkaJSNoBrokerAvailableError',
  'KafkaJSSASLAuthenticationError',
  'KafkaJSServerDoesNotSupportApiKey',
]);

/** What kafkajs threw, as a `KafkaFailure`: it wraps the first error in others that say how often it tried. */
export function kafkaJsFailure(error: unknown): KafkaFailure {
  if (error instanceof KafkaFailure) return error;
  const first = innermost(error as KafkaJsError);
  const { name = '', type, message = String(first) } = first;
  if (typeof type === 'string') return new KafkaFailure(kindOf(type), type, message, first);
  if (AWAY.has(name)) return new KafkaFailure('away', name, message, first);
  // Thrown where the client itself is not, or no longer, connected; or by a file or a token endpoint.
  if (name === 'KafkaJSError' || !name.startsWith('KafkaJS')) return new KafkaFailure('away', name, message, first);
  return new KafkaFailure('retry', name, message, first);
}

const WRAPPERS = ['KafkaJSNumberOfRetriesExceeded', 'KafkaJSNonRetriableError'];

function innermost(error: KafkaJsError): KafkaJsError {
  let inner = error;
  while (WRAPPERS.includes(inner.name) && typeof inner.cause === 'object' && inner.cause !== null) {
    inner = inner.cause as KafkaJsError;
  }
  return inner;
}
