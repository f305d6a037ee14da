import { ownValue } from '@soar-feed/core';
import type { SoarObject } from '@soar-feed/core';
import { htmlTokens } from '../../fields/htmlTokens.js';
import { readTextArea } from '../../fields/richText.js';
import { oneLine } from './oneLine.js';

export interface EmailAddress {
  /** One line; empty if there is none. */
  readonly name: string;
  /** One line, otherwise as the message has it: it need not be an address. */
  readonly address: string;
}

/** An e-mail message of the source as far as we carry it over: all of it is text from outside. */
export interface EmailMessage {
  readonly subject: string;
  readonly from: readonly EmailAddress[];
  readonly to: readonly EmailAddress[];
  readonly cc: readonly EmailAddress[];
  /** ms, as the sender says. */
  readonly sentMs?: number;
  /** ms, by the source's clock. */
  readonly receivedMs?: number;
  /** As the message names itself. */
  readonly messageId?: string;
  readonly body: { readonly text: string; readonly html: boolean };
}

/** Never throws: what a message lacks or has in another shape is empty. */
export function readEmail(payload: SoarObject): EmailMessage {
  const messageId = headerOf(payload['headers'], 'message-id');
  return {
    subject: typeof payload['subject'] === 'string' ? oneLine(payload['subject']) : '',
    from: addressesOf(payload['from']),
    to: addressesOf(payload['to']),
    cc: addressesOf(payload['cc']),
    ...dateOf('sentMs', payload['sent_date']),
    ...dateOf('receivedMs', payload['received_date']),
    ...(messageId === undefined ? {} : { messageId }),
    body: bodyOf(payload['body']),
  };
}

function addressesOf(value: unknown): readonly EmailAddress[] {
  if (Array.isArray(value)) return value.flatMap(addressesOf);
  const address = typeof value === 'string' ? value : ownValue(value, 'address');
  const name = ownValue(value, 'name');
  const read = {
    name: typeof name === 'string' ? oneLine(name) : '',
    address: typeof address === 'string' ? oneLine(address) : '',
  };
  return read.name === '' && read.address === '' ? [] : [read];
}

/** What RFC 5322 can say, with four digits for the year. */
const EARLIEST = Date.UTC(1900, 0);
const LATEST = Date.UTC(10_000, 0);

function dateOf<K extends string>(name: K, value: unknown): { readonly [key in K]?: number } {
  const isDate = typeof value === 'number' && value >= EARLIEST && value < LATEST;
  return isDate ? ({ [name]: value } as { [key in K]: number }) : {};
}

/** A header is a list of values, or one. */
function headerOf(headers: unknown, name: string): string | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined;
  const [, value] = Object.entries(headers).find(([key]) => key.toLowerCase() === name) ?? [];
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' ? first.trim() : undefined;
}

const TAGS = new Set(
  (
    'a b blockquote body br center code div em font h1 h2 h3 h4 h5 h6 head hr html i img input form li ol p pre small span ' +
    'strong sub sup table tbody td th thead title tr u ul'
  ).split(' '),
);

/**
 * The platform does not say whether a body is text or HTML: it is HTML if it has one of its tags. An address in angle
 * brackets, as in `<https://example.com/>`, is none.
 */
function bodyOf(value: unknown): EmailMessage['body'] {
  const area = readTextArea(value, undefined);
  if (area === undefined) return { text: '', html: false };
  return { text: area.text, html: area.html && hasTag(area.text) };
}

function hasTag(text: string): boolean {
  for (const token of htmlTokens(text)) if (token.kind !== 'text' && TAGS.has(token.name)) return true;
  // What is active is no token, and yet HTML.
  return /<(?:script|style|iframe|object|embed|meta|link)[\s>/]/i.test(text);
}
