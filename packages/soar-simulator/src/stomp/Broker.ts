/** The port between the platform's rules and the transport of their messages: our own broker or a real ActiveMQ. */
export interface Broker {
  /** Resolves once the message is queued: in our own broker's memory, or with a receipt from ActiveMQ. */
  publish(message: QueueMessage): Promise<void>;
  /** Calls the handlers for every SEND to `acks.<org>.<name>`, in order of arrival. */
  onReply(handler: (reply: BrokerReply) => void): void;
  /**
   * Messages of the queue that nobody has acknowledged yet, including delivered ones (ActiveMQ's QueueSize). NaN if
   * unknown.
   */
  depth(queue: string): number;
  /** Messages delivered to a client and not yet acknowledged. NaN if unknown. */
  unacked(queue: string): number;
  /** Subscriptions to the queue. NaN if unknown. */
  consumers(queue: string): number;
  /**
   * Own broker: every acknowledgement so far, in order. A real ActiveMQ does not report them, so there it stays empty.
   */
  readonly acked: readonly AckedMessage[];
  readonly replies: readonly BrokerReply[];
  /** Cuts every client socket now: unacknowledged messages go back to their queues and are delivered again. */
  dropConnections(): void;
  /** Stops listening, keeps the persistent messages, and listens again on the same port after `downMs`. */
  restart(downMs?: number): Promise<void>;
  /** Delivers the next `count` messages twice. */
  duplicateNext(count: number): void;
  /**
   * Own broker: the persistent messages that nobody has acknowledged, as a restart keeps them. A real ActiveMQ keeps
   * its own.
   */
  savedMessages(): readonly SavedMessage[];
  /** Puts saved messages into their queues, behind the messages that are there. */
  loadMessages(messages: readonly SavedMessage[]): void;
  stop(): Promise<void>;
}

export interface QueueMessage {
  /** Without `/queue/`: "actions.201.feed_data". */
  readonly destination: string;
  readonly headers: Record<string, string>;
  /** JSON text; a lone surrogate is sent as three bytes, as the platform does. */
  readonly body: string;
}

export interface SavedMessage {
  readonly queue: string;
  readonly messageId: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly base64: string;
}

export interface BrokerReply {
  /** Without `/queue/`: "acks.201.feed_data". */
  readonly destination: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

export interface AckedMessage {
  readonly queue: string;
  readonly messageId: string;
}

/** Who may log in and consume; the org model decides. */
export interface BrokerAuth {
  authenticate(login: string, passcode: string): { principalId: number } | undefined;
  /** True when the principal is listed in the `users` or `api_keys` of the message destination behind `queue`. */
  mayConsume(principalId: number, queue: string): boolean;
}
