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
  /** The same on every redelivery: the key to recognise one by. */
  readonly messageId: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Text as sent; broken UTF-8 and halved characters are replaced, never thrown over. */
  readonly body: string;
  /** Bytes of the whole body where `body` is only its beginning, since it is larger than `maxMessageBytes`. */
  readonly cutFromBytes?: number;
  /** The broker says so; after a broker's restart it may not. */
  readonly redelivered: boolean;
  /** Takes the message off the queue. Harmless twice, and harmless when its session is gone: then it comes again. */
  ack(): void;
  /** Tells the platform what became of it; kept and sent after a reconnect when the line is down. */
  reply(reply: ActionReply): void;
}
