import { expect, it } from '@jest/globals';
import { MultipleErrors, NetworkError, ResponseError, TimeoutError, UserError } from '@platformatic/kafka';
import {
  KafkaJSConnectionError,
  KafkaJSNonRetriableError,
  KafkaJSNumberOfRetriesExceeded,
  KafkaJSProtocolError,
  KafkaJSRequestTimeoutError,
  KafkaJSSASLAuthenticationError,
} from 'kafkajs';
import { kafkaJsFailure } from '../src/client/kafkaJsFailure.js';
import { platformaticFailure } from '../src/client/platformaticFailure.js';

const protocol = (type: string) => new KafkaJSProtocolError({ type, code: 1, message: type, retriable: true } as never);
const wrapped = (cause: Error) =>
  new KafkaJSNumberOfRetriesExceeded(cause, { retryCount: 0, retryTime: 1, cause } as never);

it.each([
  [wrapped(protocol('NOT_LEADER_FOR_PARTITION')), 'retry', 'NOT_LEADER_FOR_PARTITION'],
  [wrapped(protocol('MESSAGE_TOO_LARGE')), 'message', 'MESSAGE_TOO_LARGE'],
  [protocol('TOPIC_AUTHORIZATION_FAILED'), 'topic', 'TOPIC_AUTHORIZATION_FAILED'],
  [wrapped(new KafkaJSConnectionError('refused')), 'away', 'KafkaJSConnectionError'],
  // Its type lacks the message.
  [Reflect.construct(KafkaJSSASLAuthenticationError, ['bad login']) as Error, 'away', 'KafkaJSSASLAuthenticationError'],
  [wrapped(new KafkaJSRequestTimeoutError('late')), 'retry', 'KafkaJSRequestTimeoutError'],
  [new KafkaJSNonRetriableError('odd'), 'retry', 'KafkaJSNonRetriableError'],
  [new Error('The token endpoint at x answered 401.'), 'away', 'Error'],
])('kafkajs: %s', (error, kind, reason) => {
  expect(kafkaJsFailure(error)).toMatchObject({ kind, reason });
});

const answered = (code: number) =>
  new MultipleErrors('Producing messages failed.', [new ResponseError(0, 9, { '/x': [code, null] }, {})]);

it.each([
  [answered(6), 'retry', 'NOT_LEADER_OR_FOLLOWER'],
  [answered(10), 'message', 'MESSAGE_TOO_LARGE'],
  [answered(29), 'topic', 'TOPIC_AUTHORIZATION_FAILED'],
  [answered(58), 'away', 'SASL_AUTHENTICATION_FAILED'],
  [new NetworkError('Connection failed.', { cause: new Error('connect ECONNREFUSED') }), 'away', 'PLT_KFK_NETWORK'],
  [new TimeoutError('Request timed out'), 'retry', 'REQUEST_TIMED_OUT'],
  [new UserError('Unknown topic x.'), 'topic', 'UNKNOWN_TOPIC_OR_PARTITION'],
])('@platformatic/kafka: %s', (error, kind, reason) => {
  expect(platformaticFailure(error)).toMatchObject({ kind, reason });
});

it('says what happened at the bottom: "connect ECONNREFUSED", not "failed"', () => {
  const cause = new Error('connect ECONNREFUSED 127.0.0.1:9092');
  expect(platformaticFailure(new NetworkError('Connection failed.', { cause })).message).toBe(cause.message);
});
