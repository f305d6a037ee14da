/**
 * `away`: the cluster cannot be used now. `retry`: the same messages may be taken later. `topic`: their topic is at fault
 * until a person changes it. `message`: one of the messages is refused, whenever it comes.
 */
export type FailureKind = 'away' | 'retry' | 'topic' | 'message';

/** Why Kafka did not take messages, whichever client says so. */
export class KafkaFailure extends Error {
  override readonly name = 'KafkaFailure';

  constructor(
    readonly kind: FailureKind,
    /** The protocol's name of the error, where a broker gave one: `MESSAGE_TOO_LARGE`. */
    readonly reason: string,
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
  }
}

/** The protocol's errors that are not just for now; older names are those of kafkajs. */
const KINDS: Readonly<Record<string, FailureKind>> = {
  MESSAGE_TOO_LARGE: 'message',
  RECORD_LIST_TOO_LARGE: 'message',
  INVALID_RECORD: 'message',
  INVALID_TIMESTAMP: 'message',
  UNKNOWN_TOPIC_OR_PARTITION: 'topic',
  UNKNOWN_TOPIC_ID: 'topic',
  TOPIC_AUTHORIZATION_FAILED: 'topic',
  INVALID_TOPIC_EXCEPTION: 'topic',
  INVALID_TOPIC: 'topic',
  POLICY_VIOLATION: 'topic',
  INVALID_REQUIRED_ACKS: 'topic',
  UNSUPPORTED_COMPRESSION_TYPE: 'topic',
  UNSUPPORTED_FOR_MESSAGE_FORMAT: 'topic',
  CLUSTER_AUTHORIZATION_FAILED: 'away',
  SASL_AUTHENTICATION_FAILED: 'away',
  ILLEGAL_SASL_STATE: 'away',
  UNSUPPORTED_SASL_MECHANISM: 'away',
  UNSUPPORTED_VERSION: 'away',
  BROKER_NOT_AVAILABLE: 'away',
};

/** What an error that a broker answered means; everything that is not listed passes by itself. */
export function kindOf(reason: string): FailureKind {
  return Object.hasOwn(KINDS, reason) ? (KINDS[reason] as FailureKind) : 'retry';
}
