import type { FieldSchema } from '@soar-feed/core';
import { decodeEntities, escapeHtml } from './entities.js';
import { htmlTokens } from './htmlTokens.js';
import type { RichText } from './TranslatedField.js';
import { wellFormed } from './wellFormed.js';

/** Elements that start a new line. */
const LINES = new Set('blockquote br div h1 h2 h3 h4 h5 h6 hr li p pre table tr'.split(' '));

/**
 * Reads a text area of the source: a string (queue, GET) or `{format, content}` (search). `html` says how to read the
 * content. The field's own schema decides if it is known, because a plain text area comes back with any format.
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

/** The rich text as HTML, to compare both formats. */
export function toHtml(richText: RichText): string {
  if (richText.format === 'html') return richText.content;
  return escapeHtml(richText.content).replaceAll(/\r\n?|\n/g, '<br />');
}

/** The text that a person reads, for plain text areas and filters. Linear in the length. */
export function htmlToText(html: string): string {
  // A list of parts, because looking at the end of a growing string copies it each time.
  const parts: string[] = [];
  for (const token of htmlTokens(html)) {
    if (token.kind === 'text') {
      const text = decodeEntities(token.raw.replaceAll(/[ \t\r\n\f]+/g, ' '));
      if (text !== '') parts.push(text);
    } else if (LINES.has(token.name) && parts.length > 0 && !parts.at(-1)?.endsWith('\n')) parts.push('\n');
  }
  return parts.join('').trim();
}
