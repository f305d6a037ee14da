import type { Readable } from 'node:stream';

/** A file to send. `open` is called once per attempt and gives a fresh stream from the first byte. */
export interface FileInput {
  readonly name: string;
  readonly contentType?: string | undefined;
  /** Bytes. When given, a stream of another length fails the upload before the server can take it. */
  readonly size?: number | undefined;
  open(): Promise<Readable>;
}

/** A file being received. Read the stream to its end or destroy it: it holds a socket. */
export interface FileContent {
  /** Fails with a SoarApiError where the line breaks or the bytes end early. */
  readonly stream: Readable;
  readonly contentType: string;
  /** Bytes, where the server announced them. */
  readonly size?: number;
}
