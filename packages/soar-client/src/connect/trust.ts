import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import type { SecureContextOptions } from 'node:tls';
import { SoarApiError } from '../rest/SoarApiError.js';

export interface Trust {
  readonly ca?: string;
  readonly rejectUnauthorized?: false;
}

/** What TLS shall believe: a file of authorities, Node's own list, or (`false`) everything. */
export function trustOf(cafile: string | false | undefined): Trust {
  if (cafile === false) return { rejectUnauthorized: false };
  if (cafile === undefined || cafile === '') return {};
  const ca = readPem(cafile, 'cafile');
  // createSecureContext takes a text without any certificate for an empty list of authorities.
  checkPem('cafile', cafile, { ca });
  if (!ca.includes('-----BEGIN ')) throw unusable('cafile', cafile, new Error('no certificate in it'));
  return { ca };
}

/** Reads a PEM file named in the configuration; `key` is what the error calls it. */
export function readPem(file: string, key: string): string {
  const path = file === '~' || file.startsWith('~/') ? join(homedir(), file.slice(1)) : file;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw unusable(key, path, error);
  }
}

/** A file that OpenSSL does not understand would otherwise fail each connection with a riddle. */
export function checkPem(key: string, path: string, options: SecureContextOptions): void {
  try {
    createSecureContext(options);
  } catch (error) {
    throw unusable(key, path, error);
  }
}

function unusable(key: string, path: string, cause: unknown): SoarApiError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new SoarApiError(`\`${key}\`: cannot use ${path} as PEM file: ${reason}`, { code: 'file-unreadable', cause });
}
