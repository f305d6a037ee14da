/** A piece of the HTML in the platform's rich text, which is not a document and not always well formed. */
export type HtmlToken =
  | { readonly kind: 'text'; readonly raw: string }
  | { readonly kind: 'open'; readonly name: string; readonly attributes: readonly HtmlAttribute[] }
  | { readonly kind: 'close'; readonly name: string };

export interface HtmlAttribute {
  readonly name: string;
  /** Entities not yet decoded. */
  readonly rawValue: string;
}

/** Elements whose content is not text. The platform's cleaner removes them whole. */
const ACTIVE = new Set(['script', 'style', 'iframe', 'object']);
const DROPPED = new Set([...ACTIVE, 'embed', 'link', 'meta']);

/**
 * Up to this length of a tag, a `>` in quotes does not end it. The limit keeps a hostile field from making reading
 * slow.
 */
const MAX_QUOTED_TAG = 1024;

/**
 * Splits HTML into tokens. Comments and active content are left out; what is not a tag is text. Never throws; linear in
 * the length.
 */
export function* htmlTokens(html: string): Generator<HtmlToken> {
  const lastTagEnd = html.lastIndexOf('>');
  const lastCommentEnd = html.lastIndexOf('-->');
  const closings = new Closings(html);
  let textFrom = 0;
  let at = html.indexOf('<');
  while (at >= 0 && at < lastTagEnd) {
    const isComment = html.startsWith('<!--', at) && at + 4 <= lastCommentEnd;
    if (!isComment && !isMarkup(html, at)) {
      at = html.indexOf('<', at + 1);
      continue;
    }
    const end = isComment ? html.indexOf('-->', at + 4) + 3 : endOfTag(html, at);
    if (at > textFrom) yield { kind: 'text', raw: html.slice(textFrom, at) };
    const token = isComment ? undefined : readTag(html.slice(at, end));
    if (token !== undefined && !DROPPED.has(token.name)) yield token;
    textFrom = token?.kind === 'open' && ACTIVE.has(token.name) ? closings.after(token.name, end) : end;
    at = html.indexOf('<', textFrom);
  }
  if (textFrom < html.length) yield { kind: 'text', raw: html.slice(textFrom) };
}

/** A tag or a declaration. Any other `<` is part of the text. */
const MARKUP = /<(?:\/?[a-z][a-z0-9:-]*(?=[\s/>])|[!?])/iy;

function isMarkup(html: string, at: number): boolean {
  MARKUP.lastIndex = at;
  return MARKUP.test(html);
}

const GREATER = 0x3e;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;

/** Position after the tag's `>`, which must exist. A `>` in a quoted attribute does not count. */
function endOfTag(html: string, at: number): number {
  const limit = Math.min(html.length, at + MAX_QUOTED_TAG);
  let quote = 0;
  for (let i = at + 1; i < limit; i++) {
    const code = html.charCodeAt(i);
    if (quote !== 0) quote = code === quote ? 0 : quote;
    else if (code === GREATER) return i + 1;
    else if ((code === QUOTE || code === APOSTROPHE) && /[=\s]/.test(html.charAt(i - 1))) quote = code;
  }
  return html.indexOf('>', at) + 1;
}

/** Where the active elements end. Asked in ascending order, so each end tag is looked at once. */
class Closings {
  private readonly positions = new Map<string, number[]>();

  constructor(private readonly html: string) {}

  /** Position after the element's end tag, or `from` if it has none. */
  after(name: string, from: number): number {
    if (this.positions.size === 0) this.findAll();
    const ahead = this.positions.get(name) ?? [];
    while (ahead[0] !== undefined && ahead[0] < from) ahead.shift();
    const end = ahead[0] === undefined ? -1 : this.html.indexOf('>', ahead[0]);
    return end < 0 ? from : end + 1;
  }

  private findAll(): void {
    for (const name of ACTIVE) this.positions.set(name, []);
    for (const match of this.html.matchAll(/<\/(script|style|iframe|object)/gi)) {
      this.positions.get((match[1] ?? '').toLowerCase())?.push(match.index);
    }
  }
}

function readTag(markup: string): Exclude<HtmlToken, { kind: 'text' }> | undefined {
  const [, slash, name = ''] = /^<(\/?)([a-z][a-z0-9:-]*)/i.exec(markup) ?? [];
  if (name === '') return undefined;
  if (slash === '/') return { kind: 'close', name: name.toLowerCase() };
  return { kind: 'open', name: name.toLowerCase(), attributes: readAttributes(markup.slice(1 + name.length, -1)) };
}

function readAttributes(text: string): HtmlAttribute[] {
  const found = text.matchAll(/([^\s=/"'<>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+)))?/g);
  return [...found].map(([, name = '', double, single, bare]) => ({
    name: name.toLowerCase(),
    rawValue: double ?? single ?? bare ?? '',
  }));
}
