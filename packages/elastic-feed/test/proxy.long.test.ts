import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { anIncident, recordingLogger } from '@soar-feed/feed-testkit';
import { makeTestCertificate } from '../../soar-client/test/support/certificate.js';
import type { TestCertificate } from '../../soar-client/test/support/certificate.js';
import { HttpProxy } from '../../webhook-feed/test/support/HttpProxy.js';
import { ElasticFeed } from '../src/index.js';
import { clock, section, source } from './double/bench.js';
import { SearchServer } from './double/SearchServer.js';

const signal = new AbortController().signal;

describe.each(['elasticsearch', 'opensearch'] as const)('a proxy before %s', (flavour) => {
  let proxy: HttpProxy;
  let certificate: TestCertificate;
  let server: SearchServer;
  beforeEach(async () => {
    proxy = await HttpProxy.start('me:proxy/secret');
    certificate = await makeTestCertificate();
    const tls = { key: certificate.key, cert: certificate.cert };
    server = await SearchServer.start({ flavour, tls, authorization: 'ApiKey top-secret-key' });
  });
  afterEach(async () => {
    await server.stop();
    await proxy.stop();
    await certificate.remove();
  });

  const deliver = async (password = 'proxy/secret'): Promise<void> => {
    const log = recordingLogger();
    const values = {
      ...{ url: server.url, api_key: 'top-secret-key', cafile: certificate.cafile },
      ...{ proxy_host: '127.0.0.1', proxy_port: String(proxy.port), proxy_user: 'me', proxy_password: password },
    };
    const feed = new ElasticFeed(section(values), { name: 'search', source, log, clock });
    try {
      await feed.open({ signal });
      await feed.deliver(anIncident(), { signal, attempt: 1, log });
    } finally {
      await feed.close();
    }
  };

  it('is a tunnel, in which the proxy reads nothing', async () => {
    await deliver();
    expect(server.sources('resilient_incident').size).toBe(1);
    expect(new Set(proxy.asked)).toEqual(new Set([`CONNECT ${new URL(server.url).host}`]));
    expect(proxy.seen).not.toMatch(/top-secret-key|Suspicious/);
  });

  it('that refuses its login or is away makes the feed wait, and no secret shows', async () => {
    const refused = deliver('wrong-secret');
    await expect(refused).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(refused).rejects.not.toThrow(/secret/);
    await proxy.stop();
    await expect(deliver()).rejects.toMatchObject({ kind: 'unavailable' });
    expect(server.requests).toEqual([]);
  });
});
