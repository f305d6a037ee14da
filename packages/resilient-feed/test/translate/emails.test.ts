import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { EMAIL_TYPE } from '@soar-feed/core';
import type { FeedEvent, SoarObject } from '@soar-feed/core';
import { identityOf } from '../../src/mapping/identity.js';
import { asWritten } from '../../src/translate/email/asWritten.js';
import { emailIdOfFile } from '../../src/translate/email/emailFile.js';
import { emailIdOfNote } from '../../src/translate/email/emailNote.js';
import { htmlToText, toHtml } from '../../src/fields/richText.js';
import type { RichText } from '../../src/fields/TranslatedField.js';
import { eventOf } from '../helpers/eventOf.js';
import { OrgTypes } from '../helpers/orgTypes.js';

const types = new OrgTypes(100).add(EMAIL_TYPE, {}, 13);
const WHEN = Date.UTC(2024, 2, 5, 12, 30, 15);
const plain = {
  ...{ id: 5, subject: 'Hello', body: 'Hi\nthere', sent_date: WHEN, received_date: WHEN + 1_000 },
  from: { address: 'eve@example.com', name: 'Eve' },
  to: [{ address: 'soc@example.com' }, { address: 'two@example.com', name: 'Two' }],
  cc: [],
};

const event = (more: SoarObject = {}): FeedEvent => eventOf(types, EMAIL_TYPE, { ...plain, ...more });
const noteOf = (more: SoarObject = {}) => asWritten(event(more), 'note').payload['text'] as RichText;
const textOf = (more: SoarObject = {}) => htmlToText(toHtml(noteOf(more)));
async function fileOf(more: SoarObject = {}) {
  const { content, payload } = asWritten(event(more), 'attachment');
  if (content === undefined) throw new Error('no file');
  const bytes = await buffer(await content.open());
  expect([content.name, content.size]).toEqual([payload['name'], bytes.length]);
  const [head = '', body = ''] = bytes.toString('latin1').split(/\r\n\r\n([\s\S]*)/);
  // Every line of the head is short ASCII, and begins or continues a header.
  for (const line of head.split('\r\n')) expect(line).toMatch(/^(?:[A-Z][A-Za-z-]+:)? [ -~]{0,900}$/);
  for (const line of body.trimEnd().split('\r\n')) expect(line).toMatch(/^[A-Za-z0-9+/=]{0,76}$/);
  const headers = head.replaceAll('\r\n ', ' ').split('\r\n');
  return {
    name: String(payload['name']),
    headers: Object.fromEntries(headers.map((line) => [line.split(':')[0], decoded(line.replace(/^[^:]+: /, ''))])),
    names: headers.map((line) => line.split(':')[0]),
    body: Buffer.from(body, 'base64').toString(),
  };
}

/** RFC 2047: blanks between two encoded words are not shown. */
function decoded(value: string): string {
  return value
    .replaceAll('?= =?', '?==?')
    .replaceAll(/=\?utf-8\?B\?([^?]*)\?=/g, (_, text: string) => Buffer.from(text, 'base64').toString());
}

const HOSTILE =
  'a"; \\ \r\nBcc: all@example.com\r\n\r\n\u0000<script>alert(1)</script>\u202Egpj.exe \ud800 =?utf-8?Q?x?=';

describe('an e-mail message as a note', () => {
  it('tells who wrote what to whom, and when, in text', () => {
    expect(noteOf()).toEqual({
      format: 'html',
      content: [
        'E-mail message 5',
        'Subject: Hello',
        'From: Eve &lt;eve@example.com&gt;',
        'To: soc@example.com, Two &lt;two@example.com&gt;',
        'Sent: 2024-03-05T12:30:15.000Z',
        'Received: 2024-03-05T12:30:16.000Z',
        '',
        'Hi',
        'there',
      ].join('<br />'),
    });
    expect(textOf({ cc: [{ address: 'c@example.com' }] })).toContain('\nCc: c@example.com\n');
  });

  it('has nothing of the HTML but its text', () => {
    const body =
      '<p onclick="x()">One &amp; <b>two</b></p><script>alert(1)</script><img src=x onerror=alert(2)>&lt;i&gt;';
    expect(noteOf({ body }).content).toMatch(/<br \/>One &amp; two(?:<br \/>)?&lt;i&gt;$/);
    for (const field of ['subject', 'body', 'from'])
      expect(noteOf({ [field]: HOSTILE }).content.replaceAll('<br />', '')).not.toMatch(/[<\u0000\u202E\ud800]/);
  });

  it('keeps the lines of a text, and addresses in angle brackets', () => {
    expect(textOf({ body: 'see <https://example.com/a>\r\n\r\nand &amp;' })).toMatch(
      /see <https:\/\/example\.com\/a>\n+and &amp;$/,
    );
  });

  it.each([
    ['text', 'x'.repeat(60_000)],
    ['HTML', `<p>${'x'.repeat(2_000_000)}</p>`],
  ])('is bounded, and says so: %s', (_, body) => {
    const { content } = noteOf({
      body,
      subject: 's'.repeat(100_000),
      to: Array(5_000).fill({ address: 'a@example.com' }),
    });
    expect(content.length).toBeLessThan(60_000);
    expect(content).toMatch(/cut here: a note has at most 50000 characters/);
    expect(content).toContain('… and 4950 more');
  });

  it('names its message, which no other text does', () => {
    expect(emailIdOfNote(textOf())).toBe(5);
    expect(emailIdOfNote('a note about\nE-mail message 5\n')).toBeUndefined();
  });

  it.each([{}, { subject: null, body: null, from: null, to: 'x', cc: [null, 7, {}], sent_date: 'soon', headers: 3 }])(
    'may lack anything: %j',
    (payload) => {
      const bare = { ...event(), payload: { id: 5, ...payload } as SoarObject };
      expect((asWritten(bare, 'note').payload['text'] as RichText).content).toMatch(
        /^E-mail message 5<br \/>Subject: /,
      );
      expect(asWritten(bare, 'attachment').content?.name).toBe('no subject (5).eml');
    },
  );
});

describe('an e-mail message as a file', () => {
  it('is a message of RFC 5322', async () => {
    expect(await fileOf({ headers: { 'Message-ID': ['<1@example.com>'] } })).toMatchObject({
      name: 'Hello (5).eml',
      headers: {
        From: '"Eve" <eve@example.com>',
        To: 'soc@example.com, "Two" <two@example.com>',
        Subject: 'Hello',
        Date: 'Tue, 05 Mar 2024 12:30:15 +0000',
        'Message-ID': '<1@example.com>',
        'Content-Type': 'text/plain; charset=utf-8',
      },
      body: 'Hi\r\nthere',
    });
    const html = '<p>Grüße</p>';
    expect(await fileOf({ body: html })).toMatchObject({
      headers: { 'Content-Type': 'text/html; charset=utf-8' },
      body: html,
    });
  });

  it('carries any script in its headers', async () => {
    const subject = 'Überweisung 支払い '.repeat(20).trim();
    const { headers } = await fileOf({ subject, from: { name: 'Zoë "Z" 👩‍💻', address: 'zoe@example.com' } });
    expect(headers).toMatchObject({ Subject: subject, From: 'Zoë "Z" 👩‍💻 <zoe@example.com>' });
  });

  it('has no header that its text brings along', async () => {
    const names = ['From', 'To', 'Cc', 'Subject', 'Date', 'MIME-Version', 'Content-Type', 'Content-Transfer-Encoding'];
    const address = { name: HOSTILE, address: HOSTILE };
    const file = await fileOf({
      ...{ subject: HOSTILE, from: address, to: [address, HOSTILE], cc: [{ address: 'a@b@c' }], body: HOSTILE },
      headers: { 'message-id': ['<x@y>\r\nBcc: all@example.com'] },
    });
    expect(file.names).toEqual(names);
    expect(file.headers['Subject']).toMatch(/^a"; \\ {2}Bcc: all@example\.com <script>/);
    expect(file.headers['Cc']).toBe('"a@b@c" <unknown@invalid>');
  });

  it.each([
    [HOSTILE, /^a__ _ {2}Bcc_ all@example\.com _script_alert\(1\)__script_gpj\.exe . =_utf-8_Q_x_= \(5\)\.eml$/],
    ['../../etc/passwd', /^_\.\._etc_passwd \(5\)\.eml$/],
    ['', /^no subject \(5\)\.eml$/],
    [' .. ', /^no subject \(5\)\.eml$/],
    ['100%22', /^100_22 \(5\)\.eml$/],
    [`${'x'.repeat(79)}👩`, /^x{79} \(5\)\.eml$/],
  ])('has a safe name: %j', async (subject, expected) => {
    const { name } = await fileOf({ subject });
    expect(name).toMatch(expected);
    expect(emailIdOfFile(name)).toBe(5);
  });

  it('is another one once anything of it is another, and the same otherwise', () => {
    const identity = (more: SoarObject) => identityOf(asWritten(event(more), 'attachment'));
    expect(identity({})).toEqual(identity({ vers: 7 }));
    expect(identity({})).not.toEqual(identity({ body: 'Ha\nthere' }));
  });
});
