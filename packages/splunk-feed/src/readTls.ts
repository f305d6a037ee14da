import { readFileSync } from 'node:fs';
import { ConfigError } from '@soar-feed/core';
import type { SplunkFeedSection } from './config.js';

export interface Tls {
  readonly rejectUnauthorized: boolean;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** Reads the PEM files. Throws `ConfigError` for one that cannot be read. */
export function readTls(section: SplunkFeedSection, name: string): Tls {
  const { cafile, client_auth_cert: cert, client_auth_key: key } = section;
  const read = (option: string, file: string): string => {
    try {
      return readFileSync(file, 'utf8');
    } catch (error) {
      const problem = `the file ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`;
      throw new ConfigError([{ section: name, key: option, problem }]);
    }
  };
  return {
    rejectUnauthorized: cafile !== false,
    ...(typeof cafile === 'string' ? { ca: read('cafile', cafile) } : {}),
    ...(cert === undefined || key === undefined
      ? {}
      : { cert: read('client_auth_cert', cert), key: read('client_auth_key', key) }),
  };
}
