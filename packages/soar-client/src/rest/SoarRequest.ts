import type { FileInput } from './FileContent.js';

/**
 * What a request does to the server; it decides what may be repeated. `read`: nothing. `change`: twice leaves the same
 * state as once (PUT, PATCH, DELETE). `create`: twice makes two objects.
 */
export type Effect = 'read' | 'change' | 'create';

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface SoarRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From `/rest` on (with the resource prefix in front), no query. */
  readonly path: string;
  readonly effect: Effect;
  readonly query?: Query | undefined;
  /** Sent as JSON; `null` is sent as `null`, `undefined` not at all. */
  readonly body?: unknown;
  readonly upload?: Upload | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A multipart form: one file in the part `file`, and text parts in front of it. */
export interface Upload {
  readonly file: FileInput;
  readonly fields: Readonly<Record<string, { readonly text: string; readonly contentType?: string }>>;
}
