/**
 * `utf-8` writes well-formed text as UTF-8; `cesu-8` writes characters beyond U+FFFF as two units of three bytes, as
 * Java's modified UTF-8 does. Both send a lone surrogate as three bytes, because the platform's bodies may hold either
 * form (IBM resilient-circuits decodes them leniently).
 */
export type BodyEncoding = 'utf-8' | 'cesu-8';

export function encodeBody(text: string, encoding: BodyEncoding = 'utf-8'): Buffer {
  if (!/[\ud800-\udfff]/.test(text)) return Buffer.from(text);
  const pieces = encoding === 'utf-8' ? text.split(loneSurrogate) : text.split(anySurrogate);
  return Buffer.concat(pieces.map((piece) => (isSurrogate(piece) ? threeBytes(piece) : Buffer.from(piece))));
}

// Both alternatives capture, so that split keeps the surrogates as separate pieces.
const loneSurrogate = /([\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff])/;
const anySurrogate = /([\ud800-\udfff])/;

function isSurrogate(piece: string): boolean {
  return piece.length === 1 && /[\ud800-\udfff]/.test(piece);
}

function threeBytes(unit: string): Buffer {
  const code = unit.charCodeAt(0);
  return Buffer.from([0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)]);
}
