import { isIP } from 'node:net';
import type * as platformatic from '@platformatic/kafka';
import type { Producer, ProducerOptions } from '@platformatic/kafka';
import type { ClientSettings } from '../config/KafkaSettings.js';
import { KafkaFailure } from './KafkaFailure.js';
import type { KafkaMessage, KafkaPort } from './KafkaPort.js';
import { OAuthTokens } from './OAuthTokens.js';
import { platformaticFailure } from './platformaticFailure.js';
import { tlsOptions } from './tlsOptions.js';

type Library = typeof platformatic;
type Options = ProducerOptions<Buffer, Buffer, Buffer, Buffer>;

/** Kafka by `@platformatic/kafka`, which is installed only where it is used. */
export class PlatformaticClient implements KafkaPort {
  private library: Library | undefined;
  private options: Options | undefined;
  private producer: Producer<Buffer, Buffer, Buffer, Buffer> | undefined;

  constructor(private readonly settings: ClientSettings) {}

  async connect(): Promise<void> {
    await speaking(async () => {
      this.library ??= await load();
      this.options = await producerOptions(this.settings);
      const producer = this.connected();
      await producer.metadata({ topics: [], forceUpdate: true });
      if (this.settings.idempotent) await producer.initIdempotentProducer({});
    });
  }

  async partitions(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const counts = new Map<string, number>();
    if (topics.length === 0) await speaking(() => this.connected().metadata({ topics: [], forceUpdate: true }));
    for (const topic of topics) {
      try {
        // One at a time: a topic that does not exist fails the whole request.
        const { topics: found } = await speaking(() =>
          this.connected().metadata({ topics: [topic], autocreateTopics: false, forceUpdate: true }),
        );
        const count = found.get(topic)?.partitionsCount;
        if (count !== undefined) counts.set(topic, count);
      } catch (error) {
        if ((error as KafkaFailure).reason !== 'UNKNOWN_TOPIC_OR_PARTITION') throw error;
      }
    }
    return counts;
  }

  async send(messages: readonly KafkaMessage[]): Promise<void> {
    await speaking(async () => {
      const { compatibilityPartitioner } = this.library as Library;
      const producer = this.connected();
      try {
        await producer.send({
          acks: this.settings.acks,
          compression: this.settings.compression,
          autocreateTopics: true,
          messages: messages.map((message) => ({
            topic: message.topic,
            key: message.key,
            // Without a value, the library writes null.
            ...(message.value === null ? {} : { value: message.value }),
            headers: new Map(Object.entries(message.headers).map(([name, value]) => [Buffer.from(name), value])),
            // The hash of Kafka's default partitioner; the library takes it modulo the newest count of partitions.
            partition: compatibilityPartitioner(undefined as never, Buffer.from(message.partitionBy)),
          })),
        });
      } catch (error) {
        if (this.settings.idempotent) await this.renew();
        throw error;
      }
    });
  }

  async close(): Promise<void> {
    this.options = undefined;
    await this.renew();
  }

  /**
   * The library counts sequence numbers up only after a success. If the broker stored messages whose answer got lost, it
   * would take others with the same numbers for duplicates, and drop them: so they get another producer id.
   */
  private async renew(): Promise<void> {
    const { producer } = this;
    this.producer = undefined;
    await Promise.resolve(producer?.close(true)).catch(() => undefined);
  }

  private connected(): Producer<Buffer, Buffer, Buffer, Buffer> {
    if (this.library === undefined || this.options === undefined) throw new Error('The client is not connected.');
    // The library changes the options that it gets.
    this.producer ??= new this.library.Producer<Buffer, Buffer, Buffer, Buffer>({ ...this.options });
    return this.producer;
  }
}

async function load(): Promise<Library> {
  try {
    return await import('@platformatic/kafka');
  } catch (error) {
    const message =
      'client=platformatic needs the package @platformatic/kafka, which cannot be loaded; run: npm install @platformatic/kafka';
    throw new KafkaFailure('away', 'CLIENT_MISSING', message, error);
  }
}

async function producerOptions(settings: ClientSettings): Promise<Options> {
  const { login, tls, brokers } = settings;
  return {
    clientId: settings.clientId,
    bootstrapBrokers: [...brokers],
    acks: settings.acks,
    idempotent: settings.idempotent,
    // None yet: the library would ask for id 0, which a broker may refuse.
    producerId: -1n,
    producerEpoch: -1,
    connectTimeout: settings.connectTimeoutMs,
    requestTimeout: settings.requestTimeoutMs,
    timeout: settings.ackTimeoutMs,
    metadataMaxAge: settings.metadataMaxAgeMs,
    // The engine tries again. A number would be raised to "for ever" for an idempotent producer.
    retries: false,
    ...(tls === undefined ? {} : { tls: await tlsOptions(tls), tlsServerName: !brokers.some(isAddress) }),
    ...(login === undefined ? {} : { sasl: saslOf(login) }),
  };
}

function saslOf(login: NonNullable<ClientSettings['login']>): NonNullable<Options['sasl']> {
  if (login.mechanism !== 'OAUTHBEARER') return login;
  const tokens = new OAuthTokens(login.oauth);
  return { mechanism: login.mechanism, token: () => tokens.get() };
}

/** A certificate's name is asked for by name only: TLS knows no addresses there (RFC 6066). */
function isAddress(broker: string): boolean {
  return isIP(broker.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')) !== 0;
}

async function speaking<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw platformaticFailure(error);
  }
}
