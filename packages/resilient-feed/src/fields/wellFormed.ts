/** Replaces half a surrogate pair by U+FFFD: it is not a character, and servers refuse or mangle it. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}
