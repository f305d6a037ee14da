/** Unifies what the platform itself spells in several ways; blanks inside the text stay as they are. */
export function normaliseText(text: string): string {
  return text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/<(script|style|iframe|object)\b[^>]*>[\s\S]*?<\/\1\s*>/gi, '')
    .replaceAll(/<[a-z][^<>]*>/gi, (tag) => tag.replaceAll(/\s+on[a-z]+\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, ''))
    .replaceAll(/<(br|hr)\s*\/?\s*>/gi, (_tag, name: string) => `<${name.toLowerCase()}/>`);
}
