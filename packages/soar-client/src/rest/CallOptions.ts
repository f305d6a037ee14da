export interface CallOptions {
  /** Cancels the request, and any pause before a repeat. */
  readonly signal?: AbortSignal | undefined;
}

export interface WriteOptions extends CallOptions {
  /** The `Co3ContextToken` of the message being handled: the server then skips the rule that caused the message. */
  readonly contextToken?: string | undefined;
}
