import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { DeliverContext } from '@soar-feed/core';
import { anIncident, recordingLogger } from '@soar-feed/feed-testkit';
import { makeTestCertificate } from '../../soar-client/test/support/certificate.js';
import type { TestCertificate } from '../../soar-client/test/support/certificate.js';
import { HttpProxy } from './support/HttpProxy.js';
import { Receiver } from './support/Receiver.js';
import { webhookFeed } from './support/settings.js';

const CONTEXT: DeliverContext = { signal: new AbortController().signal, attempt: 1, log: recordingLogger() };

let proxy: HttpProxy;
let certificate: TestCertificate;
let receivers: Receiver[];
beforeEach(async () => {
  proxy = await HttpProxy.start('me:proxy-secret');
  certificate = await makeTestCertificate();
  receivers = [await Receiver.start(), await Receiver.start({ key: certificate.key, cert: certificate.cert })];
});
afterEach(async () => {
  for (const receiver of receivers) await receiver.stop();
  await proxy.stop();
  await certificate.remove();
});

async function deliver(url: string, password = 'proxy-secret'): Promise<void> {
  const target = webhookFeed({
    ...{ url, token: 'top-secret-token', cafile: certificate.cafile },
    ...{ proxy_host: '127.0.0.1', proxy_port: String(proxy.port), proxy_user: 'me', proxy_password: password },
  });
  try {
    await target.deliver(anIncident(), CONTEXT);
  } finally {
    await target.close();
  }
}

it('goes to an https receiver through a tunnel, in which the proxy reads nothing', async () => {
  const url = receivers[1]?.url ?? '';
  await deliver(url);
  expect(receivers[1]?.objects.size).toBe(1);
  expect(proxy.asked).toEqual([`CONNECT ${new URL(url).host}`]);
  expect(proxy.seen).not.toMatch(/top-secret-token|Suspicious/);
});

it('goes to a plain receiver through the proxy, which passes its login on to nobody', async () => {
  const url = receivers[0]?.url ?? '';
  await deliver(url);
  expect(receivers[0]?.objects.size).toBe(1);
  expect(proxy.asked).toEqual([`POST ${url}`]);
  expect(receivers[0]?.requests[0]?.headers['proxy-authorization']).toBeUndefined();
});

it('waits where the proxy refuses its login or is away, and shows no secret', async () => {
  const refused = deliver(receivers[1]?.url ?? '', 'wrong-proxy-secret');
  await expect(refused).rejects.toMatchObject({ kind: 'unavailable' });
  await expect(refused).rejects.not.toThrow(/secret/);
  const plain = deliver(receivers[0]?.url ?? '', 'wrong-proxy-secret');
  await expect(plain).rejects.toMatchObject({ kind: 'unavailable' });
  await proxy.stop();
  await expect(deliver(receivers[1]?.url ?? '')).rejects.toMatchObject({ kind: 'unavailable' });
  expect(receivers.flatMap(({ requests }) => requests)).toEqual([]);
});
