/**
 * A message body as text. Java may write characters beyond U+FFFF as two halves of three bytes each (CESU-8; IBM
 * resilient-circuits): they are joined again. A single half, and any other broken UTF-8, becomes U+FFFD.
 */
export function decodeBody(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = '';
  let from = 0;
  for (let at = buffer.indexOf(0xed); at !== -1; at = buffer.indexOf(0xed, at + 1)) {
    const high = surrogateAt(buffer, at);
    const low = surrogateAt(buffer, at + 3);
    if (high === undefined || high >= 0xdc00 || low === undefined || low < 0xdc00) continue;
    text += buffer.toString('utf8', from, at) + String.fromCharCode(high, low);
    from = at + 6;
    at = from - 1;
  }
  return text + buffer.toString('utf8', from);
}

/** The surrogate that three bytes ED A0..BF 80..BF spell. */
function surrogateAt(buffer: Buffer, at: number): number | undefined {
  const [first, second = 0, third = 0] = buffer.subarray(at, at + 3);
  if (first !== 0xed || second < 0xa0 || second > 0xbf || third < 0x80 || third > 0xbf) return undefined;
  return 0xd000 | ((second & 0x3f) << 6) | (third & 0x3f);
}
