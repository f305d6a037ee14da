import type { TopicMap } from './topicMap.js';

export interface TlsSettings {
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly keyPassword?: string;
  /** Whether a certificate must be signed by an authority that is trusted. */
  readonly isVerified: boolean;
  /** Whether a certificate must name the broker's host. */
  readonly isHostChecked: boolean;
}

export type Login =
  | {
      readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
      readonly username: string;
      readonly password: string;
    }
  | { readonly mechanism: 'OAUTHBEARER'; readonly oauth: OAuthSettings };

export interface OAuthSettings {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope?: string;
}

/** How to reach Kafka, for either client. */
export interface ClientSettings {
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** -1: all replicas in sync. */
  readonly acks: -1 | 1;
  readonly idempotent: boolean;
  readonly compression: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';
  /** ms for a request, answer included. */
  readonly requestTimeoutMs: number;
  /** ms that a broker waits for its replicas. */
  readonly ackTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly metadataMaxAgeMs: number;
  readonly tls?: TlsSettings;
  readonly login?: Login;
}

export interface KafkaSettings {
  readonly client: 'kafkajs' | 'platformatic';
  readonly connection: ClientSettings;
  readonly topicMap: TopicMap;
  /** For types that the map does not name. */
  readonly topicTemplate?: string;
  readonly isTombstone: boolean;
  readonly hasContent: boolean;
  readonly batch: { readonly maxEvents: number; readonly maxWaitMs: number };
  /** Bytes of one request to one topic. */
  readonly maxRequestBytes: number;
  readonly maxMessageBytes: number;
  /** ms that an open or a check waits for the brokers. */
  readonly openTimeoutMs: number;
}
