import type { KafkaFeedSection } from './keys.js';
import type { ClientSettings, KafkaSettings, Login, TlsSettings } from './KafkaSettings.js';

/** The section as the code uses it. The section's own rules have checked that what belongs together is there. */
export function toKafkaSettings(section: KafkaFeedSection): KafkaSettings {
  const maxMessageBytes = section['message.max.bytes'];
  return {
    client: section.client,
    connection: connectionOf(section),
    topicMap: section.topic_map ?? new Map(),
    ...(section.topic === undefined ? {} : { topicTemplate: section.topic }),
    isTombstone: section.tombstones,
    hasContent: section.content === 'base64',
    batch: { maxEvents: section.batch_size, maxWaitMs: section['linger.ms'] },
    // A broker measures what a request brings to one partition by the limit for one message.
    maxRequestBytes: Math.min(section['batch.size'], maxMessageBytes),
    maxMessageBytes,
    openTimeoutMs: section.selftest_timeout,
  };
}

function connectionOf(section: KafkaFeedSection): ClientSettings {
  const protocol = section['security.protocol'];
  const requestTimeoutMs = section['message.timeout.ms'];
  const acks = section.acks === '1' ? 1 : -1;
  return {
    brokers: section['bootstrap.servers'],
    clientId: section['client.id'],
    acks,
    idempotent: section['enable.idempotence'] ?? acks === -1,
    compression: section['compression.type'],
    requestTimeoutMs,
    ackTimeoutMs: Math.min(section['request.timeout.ms'], requestTimeoutMs),
    connectTimeoutMs: section.selftest_timeout,
    metadataMaxAgeMs: section['metadata.max.age.ms'],
    ...(protocol.endsWith('ssl') ? { tls: tlsOf(section) } : {}),
    ...(protocol.startsWith('sasl') ? { login: loginOf(section) } : {}),
  };
}

function tlsOf(section: KafkaFeedSection): TlsSettings {
  const files = {
    caFile: section['ssl.ca.location'],
    certFile: section['ssl.certificate.location'],
    keyFile: section['ssl.key.location'],
    keyPassword: section['ssl.key.password'],
  };
  return {
    ...(Object.fromEntries(Object.entries(files).filter(([, value]) => value !== undefined)) as Partial<TlsSettings>),
    isVerified: section['enable.ssl.certificate.verification'],
    isHostChecked: section['ssl.endpoint.identification.algorithm'] === 'https',
  };
}

function loginOf(section: KafkaFeedSection): Login {
  const mechanism = section['sasl.mechanism'];
  if (mechanism === 'PLAIN' || mechanism === 'SCRAM-SHA-256' || mechanism === 'SCRAM-SHA-512') {
    return { mechanism, username: section['sasl.username'] ?? '', password: section['sasl.password'] ?? '' };
  }
  const scope = section['sasl.oauthbearer.scope'];
  return {
    mechanism: 'OAUTHBEARER',
    oauth: {
      tokenUrl: section['sasl.oauthbearer.token.endpoint.url'] ?? '',
      clientId: section['sasl.oauthbearer.client.id'] ?? '',
      clientSecret: section['sasl.oauthbearer.client.secret'] ?? '',
      ...(scope === undefined ? {} : { scope }),
    },
  };
}
