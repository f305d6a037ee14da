import { X509Certificate } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { generate } from 'selfsigned';

export interface Certificate {
  /** PEM texts for a TLS server. */
  readonly key: string;
  readonly cert: string;
  /** Path of the CA's certificate, which a client needs as its `cafile`. */
  readonly caFile: string;
}

/**
 * Makes a certificate for localhost, 127.0.0.1, ::1 and `hosts`, signed by a CA of its own, and keeps it in `folder`
 * (created if missing). A usable certificate in the folder is used again, so that a client that was set up once still
 * trusts the simulator after a restart.
 *
 * @throws the file system's error if the folder cannot be written
 */
export async function makeCertificate(folder: string, hosts: readonly string[] = []): Promise<Certificate> {
  const names = [...new Set(['localhost', '127.0.0.1', '::1', ...hosts])];
  await mkdir(folder, { recursive: true });
  const files = {
    ca: join(folder, 'ca.pem'),
    cert: join(folder, 'server.pem'),
    key: join(folder, 'server.key.pem'),
  };
  const kept = await readKept(files, names);
  if (kept) return kept;

  const made = await generateSigned(names);
  await writeFile(files.ca, made.ca);
  await writeFile(files.cert, made.cert);
  await writeFile(files.key, made.key, { mode: 0o600 });
  return { key: made.key, cert: made.cert, caFile: files.ca };
}

/**
 * The CA's key is thrown away, so that nobody can sign a second certificate with a CA that people told their clients to
 * trust.
 */
async function generateSigned(names: readonly string[]): Promise<{ ca: string; cert: string; key: string }> {
  const common = { keyType: 'ec', algorithm: 'sha256', notAfterDate: new Date(Date.now() + lifetimeMs) } as const;
  const ca = await generate([{ name: 'commonName', value: 'soar-simulator CA' }], {
    ...common,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const server = await generate([{ name: 'commonName', value: 'localhost' }], {
    ...common,
    ca: { key: ca.private, cert: ca.cert },
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: names.map((name) => (isIP(name) ? { type: 7, ip: name } : { type: 2, value: name })),
      },
    ],
  });
  return { ca: ca.cert, cert: server.cert, key: server.private };
}

async function readKept(
  files: { ca: string; cert: string; key: string },
  names: readonly string[],
): Promise<Certificate | undefined> {
  try {
    const [ca, cert, key] = await Promise.all([
      readFile(files.ca, 'utf8'),
      readFile(files.cert, 'utf8'),
      readFile(files.key, 'utf8'),
    ]);
    const parsed = new X509Certificate(cert);
    const covers = names.every((name) => (isIP(name) ? parsed.checkIP(name) : parsed.checkHost(name)) !== undefined);
    const lasts = Date.parse(parsed.validTo) > Date.now() + oneDayMs;
    const trusted = parsed.verify(new X509Certificate(ca).publicKey);
    return covers && lasts && trusted ? { key, cert, caFile: files.ca } : undefined;
  } catch {
    return undefined; // absent or unreadable: make a new one
  }
}

const oneDayMs = 24 * 60 * 60 * 1000;
const lifetimeMs = 365 * oneDayMs;
