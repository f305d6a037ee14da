import type { FieldSchema } from '@soar-feed/core';
import { decodeEntities, escapeHtml } from './entities.js';
import { htmlTokens } from './htmlTokens.js';
import type { RichText } from './TranslatedField.js';
import { wellFormed } from './wellFormed.js';

/** Elements that begin a new line. */
const LINES = new Set('blockquote br div h1 h2 h3 h4 h5 h6 hr li p pre table tr'.split(' '));

/**
 * A text area as the source has it: a string (queue, GET) or `{format, content}` (search). `html` says how to read the
 * content; the field's own schema decides where it is known, since a plain text area comes back as any format.
 */
export function readTextArea(
  value: unknown,
  source: FieldSchema | undefined,
): { text: string; html: boolean } | undefined {
  if (typeof value === 'string') return { text: value, html: source?.richText ?? true };
  if (typeof value !== 'object' || value === null || !('content' in value)) return undefined;
  if (typeof value.content !== 'string') return undefined;
  const format = 'format' in value ? value.format : 'html';
  return { text: value.content, html: format !== 'text' && (source?.richText ?? true) };
}

/** For a target field that keeps HTML. */
export function toRichText(area: { readonly text: string; readonly html: boolean }): RichText {
  return { format: area.html ? 'html' : 'text', content: wellFormed(area.text) };
}

/** HTML that shows the rich text: for comparing both formats. */
export function toHtml(richText: RichText): string {
  if (richText.format === 'html') return richText.content;
  return escapeHtml(richText.content).replaceAll(/\r\n?|\n/g, '<br />');
}

/** What a person reads: for plain text areas, and for filters. Linear in the length. */
export function htmlToText(html: string): string {
  // Parts, not one text: to look at the end of a growing text copies it each time.
  const parts: string[] = [];
  for (const token of htmlTokens(html)) {
    if (token.kind === 'text') {
      const text = decodeEntities(token.raw.replaceAll(/[ \t\r\n\f]+/g, ' '));
      if (text !== '') parts.push(text);
    } else if (LINES.has(token.name) && parts.length > 0 && !parts.at(-1)?.endsWith('\n')) parts.push('\n');
  }
  return parts.join('').trim();
}
