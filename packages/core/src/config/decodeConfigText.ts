/**
 * The text of a file, which must be UTF-8, with or without a byte order mark, as IBM reads it; otherwise what the file
 * is instead, and the line that shows it.
 */
export function decodeConfigText(bytes: Uint8Array): { readonly text: string } | { readonly problem: string } {
  const utf16 = utf16Of(bytes);
  if (utf16 !== undefined) {
    return {
      problem: `is written in ${utf16} (line 1): save it as UTF-8, in Windows editors "UTF-8" instead of "Unicode"`,
    };
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    const line = firstBadLine(bytes);
    return {
      problem: `line ${line} holds a character that is not written in UTF-8 (Latin-1 or Windows-1252, by the look of it): save the file as UTF-8`,
    };
  }
}

/** Recognizes UTF-16 by its byte order mark, else by the zero bytes that it has in Latin text. */
function utf16Of([first, second, third, fourth]: Uint8Array): string | undefined {
  if (first === 0xff && second === 0xfe) return 'UTF-16 (little endian)';
  if (first === 0xfe && second === 0xff) return 'UTF-16 (big endian)';
  if (first !== 0 && second === 0 && third !== 0 && fourth === 0) return 'UTF-16 (little endian)';
  return first === 0 && second !== 0 && third === 0 && fourth !== 0 ? 'UTF-16 (big endian)' : undefined;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

function firstBadLine(bytes: Uint8Array): number {
  let line = 1;
  let start = 0;
  for (let at = 0; at <= bytes.length; at += 1) {
    const ends = bytes[at] === LINE_FEED || (bytes[at] === CARRIAGE_RETURN && bytes[at + 1] !== LINE_FEED);
    if (!ends && at < bytes.length) continue;
    if (!isUtf8(bytes.subarray(start, at))) return line;
    line += 1;
    start = at + 1;
  }
  return line;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
