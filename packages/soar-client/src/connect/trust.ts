import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { SoarApiError } from '../rest/SoarApiError.js';

export interface Trust {
  readonly ca?: string;
  readonly rejectUnauthorized?: false;
}

/** What TLS shall believe: a file of authorities, Node's own list, or (`false`) everything. */
export function trustOf(cafile: string | false | undefined): Trust {
  if (cafile === false) return { rejectUnauthorized: false };
  return cafile === undefined || cafile === '' ? {} : { ca: readPem(cafile, 'cafile') };
}

/** Reads a PEM file named in the configuration; `key` is what the error calls it. */
export function readPem(file: string, key: string): string {
  const path = file === '~' || file.startsWith('~/') ? join(homedir(), file.slice(1)) : file;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new SoarApiError(
      `\`${key}\`: cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`,
      {
        code: 'file-unreadable',
        cause: error,
      },
    );
  }
  if (!text.includes('-----BEGIN ')) {
    throw new SoarApiError(`\`${key}\`: ${path} is not a PEM file (no "-----BEGIN" in it).`, {
      code: 'file-unreadable',
    });
  }
  return text;
}
