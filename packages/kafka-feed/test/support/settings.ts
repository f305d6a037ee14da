import { rawValues, validateSection } from '@soar-feed/core';
import type { Logger } from '@soar-feed/core';
import { kafkaFeedConfig, KafkaFeed, makeClient, toKafkaSettings } from '../../src/index.js';
import type { KafkaSettings } from '../../src/index.js';

/** The settings of a section, as a host reads them. */
export function settingsOf(section: Readonly<Record<string, string>>): KafkaSettings {
  const result = validateSection('kafka_feed', rawValues(section), kafkaFeedConfig);
  if (!result.ok) throw new Error(result.issues.map(({ key, problem }) => `${key}: ${problem}`).join('\n'));
  return toKafkaSettings(result.value);
}

export function kafkaFeed(section: Readonly<Record<string, string>>, log: Logger): KafkaFeed {
  return new KafkaFeed(settingsOf(section), makeClient, log);
}
