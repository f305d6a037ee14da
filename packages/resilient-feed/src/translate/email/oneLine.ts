import { wellFormed } from '../../fields/wellFormed.js';

/**
 * The text in one line, without the characters that end lines and headers, or that reorder what is shown, so that
 * `gpj.exe` looks like `exe.jpg`.
 */
export function oneLine(text: string): string {
  return unordered(wellFormed(text))
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
}

/** The text without what makes a program show its characters in another order. */
export function unordered(text: string): string {
  return text.replaceAll(/[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/g, '');
}

/** The text in lines that end with `\n`, without control characters but tabs. */
export function plainLines(text: string): string {
  return wellFormed(text)
    .replaceAll(/\r\n?|[\u2028\u2029]/g, '\n')
    .replaceAll(/[^\P{Cc}\n\t]/gu, '');
}

/** At most so many UTF-16 units; no character is cut in two. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
}
