/** The entities that servers replace by their character; all others keep their name. */
const NAMED = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['nbsp', '\u00A0'],
]);

/**
 * Replaces entities by their characters. `literally` is applied to everything that is a character (an escaped `&`
 * included), so that an entity that keeps its name is never confused with the same letters in a text.
 */
export function decodeEntities(raw: string, literally: (text: string) => string = (text) => text): string {
  let result = '';
  let from = 0;
  for (const match of raw.matchAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z][a-z0-9]*));/gi)) {
    result += literally(raw.slice(from, match.index));
    const [entity, decimal, hex, name] = match;
    const character = name === undefined ? fromCode(decimal, hex) : NAMED.get(name);
    result += character === undefined ? entity : literally(character);
    from = match.index + entity.length;
  }
  return result + literally(raw.slice(from));
}

function fromCode(decimal: string | undefined, hex: string | undefined): string | undefined {
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : undefined;
}

/** Escapes text for the content of an HTML element. Quotes stay as they are. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
