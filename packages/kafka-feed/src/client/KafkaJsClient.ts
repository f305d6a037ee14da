import { CompressionTypes, Kafka, logLevel, Partitioners } from 'kafkajs';
import type { Admin, KafkaConfig, Producer } from 'kafkajs';
import type { ClientSettings } from '../config/KafkaSettings.js';
import { kafkaJsFailure } from './kafkaJsFailure.js';
import type { KafkaMessage, KafkaPort } from './KafkaPort.js';
import { OAuthTokens } from './OAuthTokens.js';
import { Sockets } from './Sockets.js';
import { tlsOptions } from './tlsOptions.js';

/** Kafka by kafkajs. */
export class KafkaJsClient implements KafkaPort {
  private readonly sockets = new Sockets();
  private kafka: Kafka | undefined;
  private admin: Admin | undefined;
  private producer: Producer | undefined;

  constructor(private readonly settings: ClientSettings) {}

  async connect(): Promise<void> {
    await speaking(async () => {
      this.kafka = new Kafka({ ...(await kafkaConfig(this.settings)), socketFactory: this.sockets.make });
      this.admin = this.kafka.admin({ retry: { retries: 0 } });
      await this.admin.connect();
      await this.connected();
    });
  }

  async partitions(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const counts = new Map<string, number>();
    if (topics.length === 0) await speaking(async () => this.opened(this.admin).describeCluster());
    for (const topic of topics) {
      try {
        // One at a time: kafkajs gives one error for all of a request.
        const { topics: found } = await speaking(async () =>
          this.opened(this.admin).fetchTopicMetadata({ topics: [topic] }),
        );
        for (const { name, partitions } of found) counts.set(name, partitions.length);
      } catch (error) {
        if ((error as { reason?: unknown }).reason !== 'UNKNOWN_TOPIC_OR_PARTITION') throw error;
      }
    }
    return counts;
  }

  async send(messages: readonly KafkaMessage[]): Promise<void> {
    const byTopic = groupByTopic(messages);
    const { acks, ackTimeoutMs, compression } = this.settings;
    await speaking(async () => {
      const producer = await this.connected();
      try {
        await producer.sendBatch({
          acks,
          timeout: ackTimeoutMs,
          compression: compression === 'gzip' ? CompressionTypes.GZIP : CompressionTypes.None,
          topicMessages: [...byTopic].map(([topic, ofTopic]) => ({ topic, messages: ofTopic.map(asKafkaJs) })),
        });
      } catch (error) {
        if (this.settings.idempotent) await this.renew();
        throw error;
      }
    });
  }

  async close(): Promise<void> {
    const { producer, admin } = this;
    this.producer = undefined;
    this.admin = undefined;
    this.kafka = undefined;
    const ended = Promise.allSettled([producer?.disconnect(), admin?.disconnect()]);
    this.sockets.endAll();
    await ended;
  }

  /**
   * After a failure, kafkajs takes the sequence numbers back. If the broker had stored the messages after all, it would
   * take others with the same numbers for duplicates, and drop them: so they get another producer id.
   */
  private async renew(): Promise<void> {
    const { producer } = this;
    this.producer = undefined;
    await producer?.disconnect().catch(() => undefined);
  }

  private async connected(): Promise<Producer> {
    if (this.producer !== undefined) return this.producer;
    const { idempotent, metadataMaxAgeMs } = this.settings;
    const producer = this.opened(this.kafka).producer({
      idempotent,
      metadataMaxAge: metadataMaxAgeMs,
      createPartitioner,
      // The engine tries again. For an idempotent producer, kafkajs insists on one repeat, which causes no duplicate.
      retry: { retries: idempotent ? 1 : 0, initialRetryTime: 100 },
      ...(idempotent ? { maxInFlightRequests: 1 } : {}),
    });
    try {
      await producer.connect();
    } catch (error) {
      await producer.disconnect().catch(() => undefined);
      throw error;
    }
    this.producer = producer;
    return producer;
  }

  private opened<T>(part: T | undefined): T {
    if (part === undefined) throw new Error('The client is not connected.');
    return part;
  }
}

interface Placed {
  readonly partitionBy: string;
}

/** The partition that Kafka's default partitioner gives to a key with this text, by the count in the newest metadata. */
function createPartitioner() {
  const byKey = Partitioners.DefaultPartitioner();
  return (of: Parameters<typeof byKey>[0]): number =>
    byKey({ ...of, message: { value: null, key: (of.message as typeof of.message & Placed).partitionBy } });
}

function asKafkaJs({ key, value, headers, partitionBy }: KafkaMessage) {
  return { key, value, headers, partitionBy };
}

function groupByTopic(messages: readonly KafkaMessage[]): Map<string, KafkaMessage[]> {
  const groups = new Map<string, KafkaMessage[]>();
  for (const message of messages) groups.set(message.topic, [...(groups.get(message.topic) ?? []), message]);
  return groups;
}

async function kafkaConfig(settings: ClientSettings): Promise<KafkaConfig> {
  const { login, tls } = settings;
  return {
    brokers: [...settings.brokers],
    clientId: settings.clientId,
    connectionTimeout: settings.connectTimeoutMs,
    authenticationTimeout: settings.connectTimeoutMs,
    requestTimeout: settings.requestTimeoutMs,
    logLevel: logLevel.NOTHING,
    retry: { retries: 0 },
    ...(tls === undefined ? {} : { ssl: await tlsOptions(tls) }),
    ...(login === undefined ? {} : { sasl: saslOf(login) }),
  };
}

function saslOf(login: NonNullable<ClientSettings['login']>): NonNullable<KafkaConfig['sasl']> {
  if (login.mechanism === 'OAUTHBEARER') {
    const tokens = new OAuthTokens(login.oauth);
    return { mechanism: 'oauthbearer', oauthBearerProvider: async () => ({ value: await tokens.get() }) };
  }
  const { username, password } = login;
  switch (login.mechanism) {
    case 'PLAIN':
      return { mechanism: 'plain', username, password };
    case 'SCRAM-SHA-256':
      return { mechanism: 'scram-sha-256', username, password };
    case 'SCRAM-SHA-512':
      return { mechanism: 'scram-sha-512', username, password };
  }
}

async function speaking<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw kafkaJsFailure(error);
  }
}
