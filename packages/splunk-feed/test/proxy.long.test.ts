import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { DeliverContext } from '@soar-feed/core';
import { systemClock } from '@soar-feed/core/runtime';
import { anIncident, recordingLogger, tempFolder } from '@soar-feed/feed-testkit';
import type { TempFolder } from '@soar-feed/feed-testkit';
import { makeTestCertificate } from '../../soar-client/test/support/certificate.js';
import type { TestCertificate } from '../../soar-client/test/support/certificate.js';
import { HttpProxy } from '../../webhook-feed/test/support/HttpProxy.js';
import { SplunkFeed } from '../src/index.js';
import { section, TOKEN } from './double/bench.js';
import { SplunkServer } from './double/SplunkServer.js';

const signal = new AbortController().signal;
const CONTEXT: DeliverContext = { signal, attempt: 1, log: recordingLogger() };

let proxy: HttpProxy;
let certificate: TestCertificate;
let folder: TempFolder;
let server: SplunkServer;
beforeEach(async () => {
  proxy = await HttpProxy.start('me:proxy/secret');
  certificate = await makeTestCertificate();
  folder = await tempFolder();
});
afterEach(async () => {
  await server.stop();
  await proxy.stop();
  await certificate.remove();
  await folder.remove();
});

async function deliver(isTls: boolean, login = 'me:proxy%2Fsecret'): Promise<void> {
  const feed = new SplunkFeed(
    section({
      ...{ host: '127.0.0.1', port: String(server.port), use_ssl: String(isTls), cafile: certificate.cafile },
      ...{ [isTls ? 'https_proxy' : 'http_proxy']: `http://${login}@127.0.0.1:${proxy.port}` },
      ...{ state_file: folder.file('splunk.sqlite3'), compression: 'none' },
    }),
    { name: 'splunk', source: { orgName: 'Acme', fetch: async () => undefined }, clock: systemClock },
  );
  try {
    await feed.open({ signal });
    const outcomes = await feed.deliverBatch([anIncident()], CONTEXT);
    expect(outcomes).toMatchObject([{ status: 'delivered' }]);
  } finally {
    await feed.close();
  }
}

it('https_proxy leads to the collector by a tunnel, in which the proxy reads nothing', async () => {
  server = await SplunkServer.start({ token: TOKEN, tls: { key: certificate.key, cert: certificate.cert } });
  await deliver(true);
  expect(server.indexed).toHaveLength(1);
  expect(new Set(proxy.asked)).toEqual(new Set([`CONNECT 127.0.0.1:${server.port}`]));
  expect(proxy.seen).not.toMatch(/top-secret-token|Suspicious/);
});

it('http_proxy leads to a collector without TLS', async () => {
  server = await SplunkServer.start({ token: TOKEN });
  await deliver(false);
  expect(server.indexed).toHaveLength(1);
  expect(proxy.asked.length).toBeGreaterThan(0);
});

it('waits where the proxy refuses its login or is away, and shows no secret', async () => {
  server = await SplunkServer.start({ token: TOKEN, tls: { key: certificate.key, cert: certificate.cert } });
  for (const isTls of [true, false]) {
    const refused = deliver(isTls, 'me:wrong-secret');
    await expect(refused).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(refused).rejects.not.toThrow(/secret/);
  }
  await proxy.stop();
  await expect(deliver(true)).rejects.toMatchObject({ kind: 'unavailable', code: 'splunk-unreachable' });
  expect(server.requests).toEqual([]);
});
