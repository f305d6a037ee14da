import { PassThrough, pipeline } from 'node:stream';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';

type Decoder = (body: Readable) => Readable;

// Errors reach whoever reads the last stream, so the pipelines need no callbacks of their own.
const gunzipped: Decoder = (body) => pipeline(body, createGunzip(), () => undefined);

const DECODERS: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ['identity', (body) => body],
  ['gzip', gunzipped],
  ['x-gzip', gunzipped],
  ['deflate', inflated],
  ['br', (body) => pipeline(body, createBrotliDecompress(), () => undefined)],
]);

/**
 * The bytes behind a `content-encoding`. For files we ask for none; a gateway may compress them all the same.
 * `undefined`: an encoding that nobody here knows.
 */
export function decoded(body: Readable, encoding: string): Readable | undefined {
  const names = encoding
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  const decoders = names.reverse().map((name) => DECODERS.get(name));
  return decoders.reduce<Readable | undefined>(
    (stream, decoder) => (stream === undefined ? undefined : decoder?.(stream)),
    body,
  );
}

/** `deflate` means zlib's format, and some servers send it without zlib's head (RFC 9110, 8.4.1.2). */
function inflated(body: Readable): Readable {
  const out = new PassThrough();
  body.once('data', (first: Buffer) => {
    body.pause();
    body.unshift(first);
    const hasHead = ((first[0] ?? 0) & 0x0f) === 8;
    pipeline(body, hasHead ? createInflate() : createInflateRaw(), out, () => undefined);
  });
  body.once('error', (error) => out.destroy(error));
  body.once('end', () => {
    if (body.readableDidRead === false) out.end();
  });
  return out;
}
