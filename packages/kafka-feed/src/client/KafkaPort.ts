/** One message, before it has a partition. */
export interface KafkaMessage {
  readonly topic: string;
  readonly key: Buffer;
  /** `null`: a tombstone. */
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer>>;
  /**
   * Decides the partition, as Kafka's own clients do with a key: messages with the same text are in one partition, as
   * long as the topic has the same number of them.
   */
  readonly partitionBy: string;
}

/** What a client for Kafka must do; its errors are `KafkaFailure`s. Not for two sends at a time. */
export interface KafkaPort {
  /** Connects and logs in. */
  connect(): Promise<void>;
  /**
   * How many partitions each topic has; a topic that does not exist is left out. Creates none. Asks
   * the cluster in any case, so that it shows whether that is there.
   */
  partitions(topics: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Resolves once all messages are acknowledged; of those that failed, some may be there all the same. */
  send(messages: readonly KafkaMessage[]): Promise<void>;
  /** Idempotent, also after a failed connect; pending calls reject. */
  close(): Promise<void>;
}
