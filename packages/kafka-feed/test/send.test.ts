import { expect, it } from '@jest/globals';
import { aDelete, anIncident, aTask } from '@soar-feed/feed-testkit';
import type { FeedEvent } from '@soar-feed/core';
import { KafkaFailure } from '../src/client/KafkaFailure.js';
import type { FailureKind } from '../src/client/KafkaFailure.js';
import type { KafkaMessage, KafkaPort } from '../src/index.js';
import { messageOf, sizeOf } from '../src/message/messageOf.js';
import { feedErrorOf } from '../src/send/feedErrorOf.js';
import type { Parcel } from '../src/send/Parcel.js';
import { roundsOf } from '../src/send/roundsOf.js';
import { sendRound } from '../src/send/sendRound.js';

function parcelsOf(events: readonly FeedEvent[], topic = 't'): readonly Parcel[] {
  return events.map((event, at) => {
    const message = messageOf(event, topic, { isTombstone: false });
    return { at, event, message, size: sizeOf(message) };
  });
}

/** A cluster that fails requests holding a message that `isBad`, and keeps those of the others. */
function cluster(isBad: (message: KafkaMessage) => boolean, kind: FailureKind, reason: string) {
  const requests: (readonly KafkaMessage[])[] = [];
  const stored: KafkaMessage[] = [];
  const port = {
    async send(messages: readonly KafkaMessage[]) {
      requests.push(messages);
      if (messages.some(isBad)) throw new KafkaFailure(kind, reason, reason);
      stored.push(...messages);
    },
  } as KafkaPort;
  return { port, requests, stored };
}

const incidents = (count: number): readonly FeedEvent[] =>
  Array.from({ length: count }, (_, at) => anIncident({ incidentId: 3_000 + at }));
const never = (): boolean => false;

it('never has a key twice in one request: an older message must not follow a newer one when it is sent again', () => {
  const [a, b, a2, aGone] = [anIncident(), aTask(), anIncident({ payload: { vers: 2 } }), aDelete(anIncident())];
  const rounds = roundsOf(parcelsOf([a, b, a2, aGone]), 1_000_000);
  expect(rounds.map((round) => round.map(({ at }) => at))).toEqual([[0, 1], [2], [3]]);
});

it('keeps a request to one topic below the limit of a message, since brokers measure it so', () => {
  const parcels = parcelsOf(incidents(10));
  const size = parcels[0]?.size ?? 0;
  expect(roundsOf(parcels, size * 3).map((round) => round.length)).toEqual([3, 3, 3, 1]);
  expect(roundsOf(parcels, 10).map((round) => round.length)).toEqual(Array.from({ length: 10 }, () => 1));
});

it('finds the one message that is refused, in few requests', async () => {
  const bad = '3207';
  const { port, requests, stored } = cluster((message) => message.partitionBy === bad, 'message', 'MESSAGE_TOO_LARGE');
  const failures = await sendRound(port, parcelsOf(incidents(500)), never);
  expect([...failures.keys()].map(({ event }) => event.key.incidentId)).toEqual([3207]);
  expect(stored).toHaveLength(499);
  expect(requests.length).toBeLessThan(22);
});

it('does not ask message by message when a whole topic is refused, and delivers to the others', async () => {
  const { port, requests, stored } = cluster(({ topic }) => topic === 'bad', 'topic', 'TOPIC_AUTHORIZATION_FAILED');
  const parcels = [...parcelsOf(incidents(50), 'bad'), ...parcelsOf(incidents(50), 'good')];
  const failures = await sendRound(port, parcels, never);
  expect(failures.size).toBe(50);
  expect(stored.every(({ topic }) => topic === 'good')).toBe(true);
  expect(stored).toHaveLength(50);
  expect(requests).toHaveLength(3);
});

it('sends no more than 31 requests when every partition fails for now, and one when the cluster is away', async () => {
  const every = cluster(() => true, 'retry', 'NOT_ENOUGH_REPLICAS');
  expect((await sendRound(every.port, parcelsOf(incidents(500)), never)).size).toBe(500);
  expect(every.requests).toHaveLength(31);
  const away = cluster(() => true, 'away', 'KafkaJSConnectionError');
  expect((await sendRound(away.port, parcelsOf(incidents(500)), never)).size).toBe(500);
  expect(away.requests).toHaveLength(1);
});

it.each([
  ['away', 'KafkaJSConnectionError', 1, 'unavailable', 'kafka-unreachable'],
  ['away', 'SASL_AUTHENTICATION_FAILED', 1, 'unavailable', 'kafka-login-refused'],
  ['retry', 'NOT_LEADER_OR_FOLLOWER', 9, 'retryable', 'kafka-retry'],
  ['topic', 'UNKNOWN_TOPIC_OR_PARTITION', 1, 'retryable', 'kafka-topic-missing'],
  ['topic', 'UNKNOWN_TOPIC_OR_PARTITION', 3, 'permanent', 'kafka-topic-missing'],
  ['topic', 'TOPIC_AUTHORIZATION_FAILED', 1, 'permanent', 'kafka-topic-refused'],
  ['message', 'MESSAGE_TOO_LARGE', 1, 'permanent', 'kafka-message-too-large'],
  ['message', 'INVALID_RECORD', 1, 'permanent', 'kafka-message-refused'],
] as const)('%s, %s at attempt %i is %s', (kind, reason, attempt, expected, code) => {
  const [parcel] = parcelsOf([aTask()]) as [Parcel];
  const error = feedErrorOf(new KafkaFailure(kind, reason, 'Because.'), parcel, attempt);
  expect([error.kind, error.code]).toEqual([expected, code]);
  if (kind === 'message') expect(error.message).toContain('task 310 of incident 2100');
  if (kind === 'topic') expect(error.message).toContain('topic t');
});
