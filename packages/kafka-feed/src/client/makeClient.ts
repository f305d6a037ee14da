import type { KafkaSettings } from '../config/KafkaSettings.js';
import { KafkaJsClient } from './KafkaJsClient.js';
import type { KafkaPort } from './KafkaPort.js';
import { PlatformaticClient } from './PlatformaticClient.js';

export function makeClient({ client, connection }: KafkaSettings): KafkaPort {
  return client === 'kafkajs' ? new KafkaJsClient(connection) : new PlatformaticClient(connection);
}
