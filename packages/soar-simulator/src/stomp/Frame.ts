/** One STOMP frame; the headers are unescaped, the body is as it was received. */
export interface Frame {
  readonly command: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export type StompVersion = '1.0' | '1.1' | '1.2';

/** The peer violated the protocol; the connection cannot continue. */
export class StompProtocolError extends Error {
  override readonly name = 'StompProtocolError';
}
