import { isIncident, PermanentError, RetryableError, UnavailableError } from '@soar-feed/core';
import type { FeedError } from '@soar-feed/core';
import type { KafkaFailure } from '../client/KafkaFailure.js';
import type { Parcel } from './Parcel.js';

/** From this attempt on, a topic that does not exist counts as missing: before, the cluster may be just making it. */
const MISSING_FROM = 3;

/** What a failure means for the engine, with the object and the topic in its words. */
export function feedErrorOf(failure: KafkaFailure, { event, message, size }: Parcel, attempt: number): FeedError {
  const { kind, reason, cause } = failure;
  const { topic } = message;
  if (kind === 'away') return awayError(failure);
  if (reason === 'UNKNOWN_TOPIC_OR_PARTITION' && attempt < MISSING_FROM) {
    return new RetryableError(`The topic ${topic} does not exist (yet).`, { code: 'kafka-topic-missing', cause });
  }
  if (kind === 'retry') {
    return new RetryableError(`Kafka did not take the message for ${topic} now (${reason}).`, {
      code: 'kafka-retry',
      cause,
    });
  }
  if (reason === 'UNKNOWN_TOPIC_OR_PARTITION') {
    const text = `The topic ${topic} does not exist, and the cluster does not make it; create it, then retry.`;
    return new PermanentError(text, { code: 'kafka-topic-missing', cause });
  }
  if (kind === 'topic') {
    const text = `Kafka takes no messages for the topic ${topic} (${reason}); let the feed's account write to it, or fix its settings, then retry.`;
    return new PermanentError(text, { code: 'kafka-topic-refused', cause });
  }
  if (reason === 'MESSAGE_TOO_LARGE' || reason === 'RECORD_LIST_TOO_LARGE') {
    const text = `The topic ${topic} does not take the ${size} bytes of ${nameOf(event)}; raise its max.message.bytes, then retry.`;
    return new PermanentError(text, { code: 'kafka-message-too-large', cause });
  }
  return new PermanentError(`Kafka refuses the message of ${nameOf(event)} (${reason}).`, {
    code: 'kafka-message-refused',
    cause,
  });
}

export function tooLargeHere({ event, size }: Parcel, maxBytes: number): PermanentError {
  return new PermanentError(
    `The message of ${nameOf(event)} has ${size} bytes, more than message.max.bytes (${maxBytes}); raise it here and in the topic (max.message.bytes), then retry.`,
    { code: 'kafka-message-too-large' },
  );
}

export function awayError({ message, reason, cause }: KafkaFailure): UnavailableError {
  const isLogin = /SASL|AUTHORIZATION/.test(reason) || reason.includes('AUTHENTICATION');
  const problem = isLogin ? 'does not accept the login' : 'cannot be used';
  return new UnavailableError(`Kafka ${problem}: ${message}`, {
    code: isLogin ? 'kafka-login-refused' : 'kafka-unreachable',
    cause,
  });
}

function nameOf({ key }: Parcel['event']): string {
  return isIncident(key) ? `incident ${key.objectId}` : `${key.type} ${key.objectId} of incident ${key.incidentId}`;
}
