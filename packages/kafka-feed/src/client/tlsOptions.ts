import { readFile } from 'node:fs/promises';
import type { ConnectionOptions } from 'node:tls';
import type { TlsSettings } from '../config/KafkaSettings.js';
import { KafkaFailure } from './KafkaFailure.js';

/** Reads the PEM files. Throws `KafkaFailure` that names the key of a file that cannot be read. */
export async function tlsOptions(settings: TlsSettings): Promise<ConnectionOptions> {
  const [ca, cert, key] = await Promise.all([
    pem('ssl.ca.location', settings.caFile),
    pem('ssl.certificate.location', settings.certFile),
    pem('ssl.key.location', settings.keyFile),
  ]);
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(settings.keyPassword === undefined ? {} : { passphrase: settings.keyPassword }),
    rejectUnauthorized: settings.isVerified,
    ...(settings.isHostChecked ? {} : { checkServerIdentity: () => undefined }),
  };
}

async function pem(key: string, file: string | undefined): Promise<Buffer | undefined> {
  if (file === undefined) return undefined;
  try {
    return await readFile(file);
  } catch (error) {
    const { code = 'unreadable' } = error as NodeJS.ErrnoException;
    throw new KafkaFailure('away', 'FILE_UNREADABLE', `${key}: ${file} cannot be read (${code}).`, error);
  }
}
