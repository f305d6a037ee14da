import { randomUUID } from 'node:crypto';

/** Nobody outside can guess it, and so write a text that is taken for a number. */
const MARK = `${randomUUID()}:`;

/** The shortest number that is too large, `1e16`, has four characters. */
const SHORTEST = 4;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * A JSON text with its numbers beyond ±(2^53 − 1) as marked strings; `undefined` where it holds none. The text must be
 * valid. The engine's own parser then does the rest: one of our own takes many times the memory and the time.
 */
export function markLargeNumbers(text: string): string | undefined {
  let marked = '';
  let done = 0;
  let from = 0;
  while (from < text.length) {
    const quote = text.indexOf('"', from);
    const to = quote === -1 ? text.length : quote;
    if (to - from >= SHORTEST) {
      for (const { 0: token, index } of text.slice(from, to).matchAll(NUMBER)) {
        if (Math.abs(Number(token)) <= Number.MAX_SAFE_INTEGER) continue;
        marked += `${text.slice(done, from + index)}"${MARK}${token}"`;
        done = from + index + token.length;
      }
    }
    from = quote === -1 ? to : endOfString(text, quote);
  }
  return done === 0 ? undefined : marked + text.slice(done);
}

/** The number that a parsed string stands for. */
export function markedIn(value: unknown): string | undefined {
  return typeof value === 'string' && value.startsWith(MARK) ? value.slice(MARK.length) : undefined;
}

/** Behind the closing quote of the string that opens at `start`: the next that no odd number of backslashes escapes. */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0;
    while (text[quote - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return quote + 1;
  }
  return text.length;
}
