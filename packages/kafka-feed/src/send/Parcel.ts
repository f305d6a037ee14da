import type { FeedEvent } from '@soar-feed/core';
import type { KafkaMessage } from '../client/KafkaPort.js';

/** An event on its way, and its place in the batch. */
export interface Parcel {
  readonly at: number;
  readonly event: FeedEvent;
  readonly message: KafkaMessage;
  /** Bytes. */
  readonly size: number;
}
