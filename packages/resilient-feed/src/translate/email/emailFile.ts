import type { EmailAddress, EmailMessage } from './EmailMessage.js';
import { cut, plainLines } from './oneLine.js';

const CRLF = '\r\n';

/**
 * The message as a file (RFC 5322), built from what the platform tells of it; the original is not to be had. Equal
 * messages give equal bytes. The body is as it came, HTML included: it is for whoever opens the file in a mail program.
 */
export function emailFile({ from, to, cc, subject, sentMs, receivedMs, messageId, body }: EmailMessage): Buffer {
  const date = sentMs ?? receivedMs;
  const lines = [
    `From: ${mailboxes(from.length === 0 ? [{ name: '', address: '' }] : from)}`,
    ...(to.length === 0 ? [] : [`To: ${mailboxes(to)}`]),
    ...(cc.length === 0 ? [] : [`Cc: ${mailboxes(cc)}`]),
    `Subject: ${unstructured(subject)}`,
    ...(date === undefined ? [] : [`Date: ${new Date(date).toUTCString().replace('GMT', '+0000')}`]),
    ...(messageId !== undefined && MESSAGE_ID.test(messageId) ? [`Message-ID: ${messageId}`] : []),
    'MIME-Version: 1.0',
    `Content-Type: text/${body.html ? 'html' : 'plain'}; charset=utf-8`,
    'Content-Transfer-Encoding: base64',
    '',
    base64Lines(plainLines(body.text).replaceAll('\n', CRLF)),
  ];
  return Buffer.from(lines.join(CRLF), 'ascii');
}

const MAX_NAME = 80;

/** The file's name: safe on every file system and in every header, and no other message of the organization has it. */
export function emailFileName(id: number, { subject }: EmailMessage): string {
  // `%` begins the escapes of an upload.
  const safe = subject.normalize('NFC').replaceAll(/[\\/:*?"<>|%;]/g, '_');
  const shown = cut(safe, MAX_NAME)
    .replace(/^[. ]+/, '')
    .trim();
  return `${shown === '' ? 'no subject' : shown} (${id}).eml`;
}

/** The message that a file of such a name belongs to. */
export function emailIdOfFile(name: string): number | undefined {
  const [, id] = /\((\d{1,15})\)\.eml$/.exec(name) ?? [];
  return id === undefined ? undefined : Number(id);
}

const MESSAGE_ID = /^<[!-;=?A-~]{1,200}@[!-;=?A-~]{1,200}>$/;
/** Most characters of a text that stands in a header as it is. */
const MAX_PLAIN = 60;
/** An encoded word has at most 75 characters (RFC 2047), 12 of which are not the text. */
const WORD_BYTES = 45;

/** A text in a header (RFC 2047). It has no line ends; nobody can take it for another header. */
function unstructured(text: string): string {
  const isPlain = /^[ -~]*$/.test(text) && text.length <= MAX_PLAIN && !text.includes('=?');
  return isPlain ? text : encodedWords(text);
}

function encodedWords(text: string): string {
  const words: string[] = [];
  let word = '';
  for (const character of text) {
    if (Buffer.byteLength(word + character) > WORD_BYTES) {
      words.push(word);
      word = '';
    }
    word += character;
  }
  return [...words, word].map((one) => `=?utf-8?B?${Buffer.from(one).toString('base64')}?=`).join(`${CRLF} `);
}

function mailboxes(addresses: readonly EmailAddress[]): string {
  return addresses.map(mailbox).join(`,${CRLF} `);
}

/** What is no address becomes a name, so that it is kept and the header is well formed. */
function mailbox({ name, address }: EmailAddress): string {
  if (isAddress(address)) return name === '' ? address : `${phrase(name)} <${address}>`;
  const both = [name, address].filter((part) => part !== '').join(' ');
  return `${both === '' ? '' : `${phrase(both)} `}<unknown@invalid>`;
}

function phrase(name: string): string {
  const isPlain = /^[ -~]*$/.test(name) && name.length <= MAX_PLAIN && !name.includes('=?');
  return isPlain ? `"${name.replaceAll(/["\\]/g, String.raw`\$&`)}"` : encodedWords(name);
}

const ATOMS = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;

/** Two dot-atoms (RFC 5322, 3.4.1); others are rare. */
function isAddress(text: string): boolean {
  const [local = '', domain = '', ...more] = text.split('@');
  return more.length === 0 && text.length <= 320 && ATOMS.test(local) && ATOMS.test(domain);
}

/** Lines of 76 characters, the last one with its end. */
function base64Lines(text: string): string {
  const lines =
    Buffer.from(text)
      .toString('base64')
      .match(/.{1,76}/g) ?? [];
  return lines.map((line) => `${line}${CRLF}`).join('');
}
