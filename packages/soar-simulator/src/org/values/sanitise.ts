/**
 * A small version of the platform's HTML cleaner for rich text: removes active content and unifies the spelling of void
 * tags and line ends. A second pass changes nothing.
 */
export function sanitise(html: string): string {
  if (!/[<\r]/.test(html)) return html;
  return html
    .replaceAll(/<(script|style|iframe|object)\b[^>]*>[\s\S]*?<\/\1\s*>/gi, '')
    .replaceAll(/<\/?(script|style|iframe|object|embed|link|meta)\b[^>]*>/gi, '')
    .replaceAll(/<[a-z][^<>]*>/gi, (tag) =>
      tag
        .replaceAll(/\s+on[a-z]+\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, '')
        .replaceAll(/\s+(href|src)\s*=\s*("\s*javascript:[^"]*"|'\s*javascript:[^']*')/gi, ''),
    )
    .replaceAll(/<(br|hr)\s*\/?\s*>/gi, (_tag, name: string) => `<${name.toLowerCase()} />`)
    .replaceAll(/\r\n?/g, '\n');
}

/** Escapes plain text for a rich text field. */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
