import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { DeliverContext } from '@soar-feed/core';
import { expect, it } from '@jest/globals';
import { anIncident, recordingLogger, tempFolder } from '@soar-feed/feed-testkit';
import { Receiver } from './support/Receiver.js';
import { webhookFeed } from './support/settings.js';

const CONTEXT: DeliverContext = { signal: new AbortController().signal, attempt: 1, log: recordingLogger() };

it('checks the receiver’s certificate, and shows its own where the receiver asks for one', async () => {
  const folder = await tempFolder();
  for (const name of ['receiver', 'feed']) {
    const files = ['-keyout', folder.file(`${name}.key`), '-out', folder.file(`${name}.pem`)];
    const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...files, ...subject], {
      stdio: 'ignore',
    });
  }
  const read = (name: string) => readFileSync(folder.file(name));
  const secure = await Receiver.start({
    ...{ key: read('receiver.key'), cert: read('receiver.pem') },
    ...{ ca: read('feed.pem'), requestCert: true, rejectUnauthorized: true },
  });
  const attempt = async (more: Readonly<Record<string, string>>) => {
    const target = webhookFeed({ url: secure.url, ...more });
    const outcome = await target.deliver(anIncident(), CONTEXT).then(
      ({ status }) => status,
      ({ kind, code }: { kind: string; code: string }) => `${kind} ${code}`,
    );
    await target.close();
    return outcome;
  };
  const own = { client_auth_cert: folder.file('feed.pem'), client_auth_key: folder.file('feed.key') };
  const cafile = folder.file('receiver.pem');
  expect(await attempt(own)).toBe('unavailable webhook-unreachable');
  expect(await attempt({ cafile })).toBe('unavailable webhook-unreachable');
  expect(await attempt({ cafile: folder.file('none.pem') })).toBe('unavailable webhook-file-unreadable');
  expect(await attempt({ ...own, cafile })).toBe('delivered');
  expect(await attempt({ ...own, cafile: 'false' })).toBe('delivered');
  await secure.stop();
  await folder.remove();
});
