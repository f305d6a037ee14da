import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { MISSING_LIBRDKAFKA, MockKafka, Programs } from './mockKafka.js';

/** Brokers of a real Kafka, `host:port` separated by commas; unset: librdkafka's mock brokers stand for it. */
export const REAL = process.env['SOAR_FEED_TEST_KAFKA'] || undefined;

/** The programs, made before the tests of the suite. */
export let programs: Programs;

/** A suite that needs librdkafka; without it the suite is skipped with a message, or fails where services are required. */
export function describeWithLibrdkafka(name: string, suite: () => void): void {
  if (MISSING_LIBRDKAFKA === undefined) {
    describe(name, () => {
      beforeAll(async () => {
        programs = await Programs.compile();
      });
      afterAll(() => programs.remove());
      suite();
    });
  } else if (process.env['REQUIRE_SERVICES'] === '1') {
    throw new Error(MISSING_LIBRDKAFKA);
  } else {
    it.skip(`${name} (${MISSING_LIBRDKAFKA})`, () => undefined);
  }
}

/** The brokers to test with: the real ones, or mock ones that end with the suite. */
export function brokersOfSuite(): { readonly bootstrap: () => string } {
  let cluster: MockKafka | undefined;
  beforeAll(async () => {
    if (REAL === undefined) cluster = await MockKafka.start(programs, 3);
  });
  afterAll(async () => cluster?.kill());
  return { bootstrap: () => REAL ?? cluster?.bootstrap ?? '' };
}

export const CLIENTS = ['kafkajs', 'platformatic'] as const;

/** What a client needs with the mock brokers, which refuse an idempotent kafkajs. */
export function forMock(client: string): Readonly<Record<string, string>> {
  return client === 'kafkajs' ? { 'enable.idempotence': 'false' } : {};
}

let topics = 0;

export function newTopic(): string {
  return `feed-${process.pid}-${Date.now()}-${(topics += 1)}`;
}
