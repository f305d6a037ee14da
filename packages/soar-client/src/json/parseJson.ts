import { markLargeNumbers, markedIn } from './markLargeNumbers.js';

/**
 * Where a number may stand that a double cannot hold: 16 digits or more, or an exponent. It also matches in some texts,
 * which costs time and changes nothing.
 */
const MAY_HOLD_LARGE = /(?:^|[:[,\s])-?(?:\d{16}|\d+(?:\.\d+)?[eE])/;

/** `1e400` is written out as long as that stays small. */
const MAX_DIGITS = 1_000;

/**
 * `JSON.parse` that keeps every digit: a whole number beyond ±(2^53 − 1), in whatever notation, becomes a `bigint`.
 * Everything else is as `JSON.parse` has it, and no number ever becomes `Infinity`: a whole number of more than 1,000
 * digits is a SyntaxError, as is any text that is no JSON.
 */
export function parseJson(text: string): unknown {
  const asDoubles: unknown = JSON.parse(text);
  if (!MAY_HOLD_LARGE.test(text)) return asDoubles;
  const marked = markLargeNumbers(text);
  if (marked === undefined) return asDoubles;
  try {
    return JSON.parse(marked, (_, value: unknown) => {
      const token = markedIn(value);
      return token === undefined ? value : exactNumber(token);
    });
  } catch (error) {
    if (error instanceof RangeError) throw new SyntaxError('JSON nested too deeply', { cause: error });
    throw error;
  }
}

function exactNumber(token: string): number | bigint {
  const near = Number(token);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(token) ?? [];
  const zeros = Number(exponent) - fraction.length;
  const digits = whole + fraction;
  if (digits.length + zeros > MAX_DIGITS) throw new SyntaxError(`A number of more than ${MAX_DIGITS} digits`);
  const kept = zeros >= 0 ? digits + '0'.repeat(zeros) : digits.slice(0, zeros);
  const isWhole = zeros >= 0 || /^0*$/.test(digits.slice(zeros));
  if (!isWhole && Number.isFinite(near)) return near;
  if (!isWhole) throw new SyntaxError('A number beyond the range of a double');
  const exact = BigInt(kept);
  return sign === '-' ? -exact : exact;
}
