import { decodeEntities, escapeHtml } from '../fields/entities.js';
import { htmlTokens } from '../fields/htmlTokens.js';
import type { HtmlAttribute, HtmlToken } from '../fields/htmlTokens.js';

const VOID = new Set(['br', 'hr', 'img', 'input', 'col', 'wbr', 'area']);
const BLOCK = new Set(
  'address blockquote br div dl dd dt h1 h2 h3 h4 h5 h6 hr li ol p pre table tbody td tfoot th thead tr ul'.split(' '),
);

/**
 * One spelling for HTML that servers spell differently: case of tags, order and quotes of attributes, void tags,
 * entities, line ends. Comments and the active content that the platform's cleaner removes are left out. Every blank is
 * kept, so two different texts stay different.
 */
export function canonicalHtml(html: string): string {
  let result = '';
  for (const token of htmlTokens(html)) result += token.kind === 'text' ? textOf(token.raw) : tagOf(token);
  return result;
}

/** Like `canonicalHtml`, with blanks as a browser shows them. To compare with what the target made of our text. */
export function normaliseRichText(html: string): string {
  const parts: string[] = [];
  let inPre = 0;
  /** A blank at the start of a line, or after another blank, is not shown. */
  let blankHidden = true;
  for (const token of htmlTokens(html)) {
    if (token.kind !== 'text') {
      if (BLOCK.has(token.name) && inPre === 0) dropLastBlank(parts);
      if (token.name === 'pre') inPre = Math.max(0, inPre + (token.kind === 'open' ? 1 : -1));
      if (BLOCK.has(token.name)) blankHidden = true;
      parts.push(tagOf(token));
      continue;
    }
    if (inPre > 0) parts.push(textOf(token.raw));
    else {
      const collapsed: string = token.raw.replaceAll(/[ \t\r\n\f]+/g, ' ');
      const shown: string = blankHidden && collapsed.startsWith(' ') ? collapsed.slice(1) : collapsed;
      if (shown === '') continue;
      blankHidden = shown.endsWith(' ');
      parts.push(textOf(shown));
    }
  }
  dropLastBlank(parts);
  return parts.join('');
}

/** A blank at the end of a line is not shown. */
function dropLastBlank(parts: string[]): void {
  const last = parts.at(-1);
  if (last?.endsWith(' ')) parts[parts.length - 1] = last.slice(0, -1);
}

function textOf(raw: string): string {
  return decodeEntities(raw.replaceAll(/\r\n?/g, '\n'), escapeHtml);
}

function tagOf(token: Exclude<HtmlToken, { kind: 'text' }>): string {
  if (token.kind === 'close') return VOID.has(token.name) ? '' : `</${token.name}>`;
  return `<${token.name}${attributesText(token.attributes)}${VOID.has(token.name) ? ' /' : ''}>`;
}

/** The platform's cleaner removes handlers and script links. */
function attributesText(attributes: readonly HtmlAttribute[]): string {
  const kept = attributes
    .map(({ name, rawValue }) => ({ name, value: decodeEntities(rawValue, escapeHtml).replaceAll('"', '&quot;') }))
    .filter(({ name, value }) => !name.startsWith('on') && !/^\s*javascript:/i.test(value));
  kept.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return kept.map(({ name, value }) => ` ${name}="${value}"`).join('');
}
