/** IBM's AcknowledgementDTO: what Action Status shows, and what a function answers. */
export interface ActionReply {
  readonly type: 0 | 1 | 2;
  readonly message: string;
  /** `false`: a progress line, more will follow. */
  readonly complete: boolean;
  /** A function's result. */
  readonly results?: unknown;
}

/** 0 information (success), 1 error, 2 warning. */
export const ReplyType = { information: 0, error: 1, warning: 2 } as const;

export interface QueueMessage {
  /** The same on every redelivery: identifies the message. */
  readonly messageId: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The text as it was sent; broken UTF-8 is replaced, and never throws. */
  readonly body: string;
  /** Bytes of the whole body, if `body` is only its beginning because it is larger than `maxMessageBytes`. */
  readonly cutFromBytes?: number;
  /** As the broker reports it; it may not do so after a restart. */
  readonly redelivered: boolean;
  /**
   * Removes the message from the queue. Idempotent, and harmless if its session is gone: then the message comes again.
   */
  ack(): void;
  /** Tells the platform what became of it; if the connection is down, it is sent after the reconnect. */
  reply(reply: ActionReply): void;
}
