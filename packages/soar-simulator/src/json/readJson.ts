/** A string, or a number as it is written. */
const token = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;

/**
 * JSON.parse that keeps every digit: an integer that does not fit into a double becomes a bigint.
 *
 * @throws SyntaxError as JSON.parse does
 */
export function readJson(text: string): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  const mark = `\u0000${Math.random()}:`;
  const marked = text.replaceAll(token, (each) => (isLarge(each) ? JSON.stringify(mark + each) : each));
  return JSON.parse(marked, (_key, value: unknown) =>
    typeof value === 'string' && value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value,
  );
}

function isLarge(token: string): boolean {
  return /^-?[1-9]\d*$/.test(token) && !Number.isSafeInteger(Number(token));
}
