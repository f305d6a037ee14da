import { escapeHtml } from '../../fields/entities.js';
import { htmlToText } from '../../fields/richText.js';
import type { RichText } from '../../fields/TranslatedField.js';
import { isoOf } from '../isoOf.js';
import type { EmailAddress, EmailMessage } from './EmailMessage.js';
import { cut, oneLine, plainLines, unordered } from './oneLine.js';

/** Most characters of the body in a note; the source has the whole message. */
const MAX_BODY = 50_000;
/** Most characters of HTML that are read for it. */
const MAX_HTML = 1_000_000;
const MAX_SUBJECT = 1_000;
const MAX_ADDRESSES = 50;
const MAX_ADDRESS = 300;

const CUT = `… (cut here: a note has at most ${MAX_BODY} characters of a message)`;

/** The message as a note: its text alone, escaped, so nothing of its HTML is left. It begins with its id at the source. */
export function emailNote(id: number, email: EmailMessage): RichText {
  const { subject, from, to, cc, sentMs, receivedMs } = email;
  const line = (label: string, value: string): string[] => (value === '' ? [] : [`${label}: ${value}`]);
  const lines = [
    `E-mail message ${id}`,
    `Subject: ${shortened(subject, MAX_SUBJECT)}`,
    ...line('From', listed(from)),
    ...line('To', listed(to)),
    ...line('Cc', listed(cc)),
    ...(sentMs === undefined ? [] : line('Sent', isoOf(sentMs))),
    ...(receivedMs === undefined ? [] : line('Received', isoOf(receivedMs))),
    '',
    ...bodyLines(email),
  ];
  return { format: 'html', content: lines.map(escapeHtml).join('<br />') };
}

/** The id in the first line of such a note, as `htmlToText` reads it. */
export function emailIdOfNote(text: string): number | undefined {
  const [, id] = /^\s*E-mail message (\d{1,15})(?:\n|$)/.exec(text.slice(0, 100)) ?? [];
  return id === undefined ? undefined : Number(id);
}

function bodyLines({ body: { text, html } }: EmailMessage): readonly string[] {
  const read = cut(text, html ? MAX_HTML : MAX_BODY);
  const plain = unordered(plainLines(html ? htmlToText(read) : read)).trim();
  const shown = cut(plain, MAX_BODY);
  const isCut = read.length < text.length || shown.length < plain.length;
  return [...(shown === '' ? [] : shown.split('\n')), ...(isCut ? [CUT] : [])];
}

function listed(addresses: readonly EmailAddress[]): string {
  const shown = addresses.slice(0, MAX_ADDRESSES).map(({ name, address }) => {
    const both = name === '' ? address : `${name} <${address}>`;
    return shortened(both, MAX_ADDRESS);
  });
  const more = addresses.length - shown.length;
  return [...shown, ...(more > 0 ? [`… and ${more} more`] : [])].join(', ');
}

function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${oneLine(cut(text, length))}…`;
}
