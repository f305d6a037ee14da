/** Pieces of bytes as base64 text, piece by piece. */
export async function* base64(pieces: AsyncIterable<Buffer>): AsyncGenerator<string> {
  // Three bytes make four characters: the remainder waits for the next piece.
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of pieces) {
    const bytes = Buffer.concat([rest, piece]);
    const whole = bytes.length - (bytes.length % 3);
    rest = bytes.subarray(whole);
    yield bytes.toString('base64', 0, whole);
  }
  yield rest.toString('base64');
}
