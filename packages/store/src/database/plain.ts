/** Lone surrogates and NUL become U+FFFD, because not every database accepts them in a text. */
export function plain(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8').replaceAll('\0', '\ufffd');
}
