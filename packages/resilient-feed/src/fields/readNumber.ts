/**
 * Reads a number as people and the platform write it. Whole numbers keep all their digits. `undefined`: it is not a
 * number.
 */
export function readNumber(text: string): number | bigint | undefined {
  if (!/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return undefined;
  const near = Number(text);
  if (/^[+-]?\d+$/.test(text) && !Number.isSafeInteger(near)) return BigInt(text.replace(/^\+/, ''));
  return Number.isFinite(near) ? near : undefined;
}
