import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { signature } from '../src/request/signature.js';

const page = readFileSync(new URL('../../../docs/targets/webhook.md', import.meta.url), 'utf8');

/** The receiver's check of the signature as the page shows it. */
async function documented(): Promise<(header: string, body: Buffer, secret: string) => boolean> {
  const [, code = ''] = /```js\n(.*?)```/s.exec(page) ?? [];
  const module = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
    isSigned: (header: string, body: Buffer, secret: string) => boolean;
  };
  return module.isSigned;
}

const BODY = Buffer.from('{"version":1,"items":[{"name":"Prüfen"}]}');
const NOW = Math.floor(Date.now() / 1_000);

it('shows a check that accepts what the feed signs, with the key of before as well', async () => {
  const isSigned = await documented();
  const header = signature(BODY.toString(), ['new key', 'old key'], NOW);
  expect(isSigned(header, BODY, 'new key')).toBe(true);
  expect(isSigned(header, BODY, 'old key')).toBe(true);
});

it('shows a check that refuses another key, another body and an old request', async () => {
  const isSigned = await documented();
  const header = signature(BODY.toString(), ['key'], NOW);
  expect(isSigned(header, BODY, 'other key')).toBe(false);
  expect(isSigned(header, Buffer.from(`${BODY.toString()} `), 'key')).toBe(false);
  expect(isSigned(signature(BODY.toString(), ['key'], NOW - 600), BODY, 'key')).toBe(false);
  expect(isSigned('', BODY, 'key')).toBe(false);
});
