/** One STOMP frame, headers unescaped, the body as it came over the wire. */
export interface Frame {
  readonly command: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export type StompVersion = '1.0' | '1.1' | '1.2';

/** The peer broke the protocol; the connection cannot go on. */
export class StompProtocolError extends Error {
  override readonly name = 'StompProtocolError';
}
