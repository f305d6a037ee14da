import { readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import type { SecureContextOptions } from 'node:tls';
import { pemFault } from './pemFault.js';
import { SoarApiError } from '../rest/SoarApiError.js';

export interface Trust {
  readonly ca?: string;
  readonly rejectUnauthorized?: false;
}

/** What TLS trusts, and what it shows. */
export interface Tls extends Trust {
  readonly cert?: string;
  readonly key?: string;
}

/** What TLS trusts: a file of authorities, Node's own list, or (`false`) everything. */
export function trustOf(cafile: string | false | undefined): Trust {
  if (cafile === false) return { rejectUnauthorized: false };
  if (cafile === undefined || cafile === '') return {};
  const ca = filesBehind(cafile).map((file) => {
    const text = readPem(file, 'cafile');
    const fault = pemFault(text);
    if (fault !== undefined) throw unusable('cafile', file, new Error(fault));
    checkPem('cafile', file, { ca: text });
    return text;
  });
  return { ca: [...new Set(ca)].join('\n') };
}

/** A folder stands for its PEM files, by their endings or the hashes that `c_rehash` names them by, as in IBM's client. */
function filesBehind(cafile: string): readonly string[] {
  const path = expanded(cafile);
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [cafile];
  const names = readdirSync(path).filter((name) => /\.(pem|crt|cer)$|^[0-9a-f]{8}\.\d+$/i.test(name));
  if (names.length === 0) {
    throw unusable('cafile', path, new Error('a folder without a file *.pem, *.crt, *.cer or <hash>.0'));
  }
  return names.sort().map((name) => join(path, name));
}

function expanded(file: string): string {
  return file === '~' || file.startsWith('~/') ? join(homedir(), file.slice(1)) : file;
}

/** Reads a PEM file named in the configuration; `key` is what the error calls it. */
export function readPem(file: string, key: string): string {
  const path = expanded(file);
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw unusable(key, path, error);
  }
}

/** Otherwise, a file that OpenSSL does not understand would fail every connection with an obscure error. */
export function checkPem(key: string, path: string, options: SecureContextOptions): void {
  try {
    createSecureContext(options);
  } catch (error) {
    throw unusable(key, path, error);
  }
}

function unusable(key: string, path: string, cause: unknown): SoarApiError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new SoarApiError(`\`${key}\`: cannot use ${path} as a PEM file: ${reason}`, {
    code: 'file-unreadable',
    details: { key },
    cause,
  });
}
