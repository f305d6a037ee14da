import { rawValues, validateSection } from '@soar-feed/core';
import { expect, it } from '@jest/globals';
import { toWebhookSettings, webhookFeedConfig } from '../src/index.js';

const parse = (section: Readonly<Record<string, string>>) =>
  validateSection('webhook_feed', rawValues(section), webhookFeedConfig, { reserved: ['class'] });
const problems = (section: Readonly<Record<string, string>>) =>
  parse(section).issues.map(({ key, problem }) => `${key}: ${problem}`);

it('takes headers by key, the token beside them', () => {
  const result = parse({ url: 'https://a.example/hook', token: 'abc', 'header.x-tenant': 'soar {org}' });
  expect(result.ok && toWebhookSettings(result.value)).toMatchObject({
    url: 'https://a.example/hook',
    headers: { authorization: 'Bearer abc', 'x-tenant': 'soar {org}' },
    secrets: [],
    batch: { maxEvents: 100, maxWaitMs: 20 },
    maxBodyBytes: 1024 * 1024,
    format: 'flat',
  });
});

it('reports everything at once, and quotes no value that may be a secret', () => {
  const found = problems({
    url: 'ftp://a.example',
    format: 'xml',
    secret_old: 'hunter2hunter2',
    client_auth_cert: 'cert.pem',
    proxy_host: 'proxy',
    'header.content-type': 'text/plain',
    'header.x-key': 'hunter2 {key}',
    'header.bad name': 'hunter2',
    batch_sise: '5',
  });
  expect(found.map((line) => line.slice(0, line.indexOf(':'))).sort()).toEqual(
    [
      ...['batch_sise', 'client_auth_key', 'format', 'header.bad name', 'header.content-type', 'header.x-key'],
      ...['proxy_port', 'secret', 'url'],
    ].sort(),
  );
  expect(found).toContain('batch_sise: is not known; did you mean batch_size?');
  expect(found.join()).not.toContain('hunter2');
});

it('refuses two kinds of authorization', () => {
  expect(problems({ url: 'https://a.example', token: 'a', 'header.authorization': 'Basic b' })).toEqual([
    'token: contradicts header.authorization; keep one of the two',
  ]);
});
