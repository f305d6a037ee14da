import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';

export interface TestCertificate {
  readonly key: string;
  readonly cert: string;
  /** The certificate signs itself, so it is its own authority. */
  readonly cafile: string;
  remove(): Promise<void>;
}

export interface TestCertificateOptions {
  /** Default: from now on, for a year. */
  readonly notBeforeDate?: Date;
  readonly notAfterDate?: Date;
}

/** A fresh certificate for localhost and 127.0.0.1 in a temporary folder. */
export async function makeTestCertificate(options: TestCertificateOptions = {}): Promise<TestCertificate> {
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ...options,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  const folder = await mkdtemp(join(tmpdir(), 'soar-client-test-'));
  const cafile = join(folder, 'ca.pem');
  await writeFile(cafile, made.cert);
  return { key: made.private, cert: made.cert, cafile, remove: () => rm(folder, { recursive: true, force: true }) };
}
