/** Half a surrogate pair is no character; servers refuse or mangle it. It is written as U+FFFD. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}
