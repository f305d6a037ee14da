import { toSslMode } from '@soar-feed/store';
import type { ServerTls } from '../database/ServerSettings.js';
import type { Engine, Part } from './odbcWords.js';

export type Found = Readonly<Partial<Record<Part, string>>>;

const YES = /^(yes|true|1|on|strict|mandatory)$/i;
const NO = /^(no|false|0|off|optional)$/i;

/** MySQL's words for libpq's modes. */
const MYSQL_MODES: ReadonlyMap<string, string> = new Map([
  ['disabled', 'disable'],
  ['preferred', 'prefer'],
  ['required', 'require'],
  ['verify_ca', 'verify-ca'],
  ['verify_identity', 'verify-full'],
]);

/** What the words of all drivers say about TLS, in libpq's; adds to `problems`. */
export function readTls(found: Found, engine: Engine, problems: string[]): ServerTls {
  const { sslRootCert = '', sslCert = '', sslKey = '' } = found;
  const mode = modeOf(found, engine, problems);
  return {
    ...(mode === undefined ? {} : { sslMode: mode }),
    ...(sslRootCert === '' ? {} : { sslRootCert }),
    ...(sslCert === '' ? {} : { sslCert }),
    ...(sslKey === '' ? {} : { sslKey }),
  };
}

function modeOf(found: Found, engine: Engine, problems: string[]): ServerTls['sslMode'] {
  const { sslMode, sslVerify, sslRootCert, encrypt, trust } = found;
  const flags = { Encrypt: encrypt, TrustServerCertificate: trust, SSLVERIFY: sslVerify };
  for (const [name, value] of Object.entries(flags)) {
    if (value !== undefined && !YES.test(value) && !NO.test(value))
      problems.push(`has ${name}=${value}; write yes or no`);
  }
  if (sslMode !== undefined) return libpqMode(MYSQL_MODES.get(sslMode.toLowerCase()) ?? sslMode, problems);
  if (engine === 'mssql') {
    if (encrypt !== undefined && NO.test(encrypt)) return 'disable';
    return trust !== undefined && YES.test(trust) ? 'require' : 'verify-full';
  }
  if (sslVerify !== undefined && YES.test(sslVerify)) return 'verify-full';
  if (sslRootCert !== undefined && sslRootCert !== '') return 'verify-ca';
  return encrypt !== undefined && YES.test(encrypt) ? 'require' : undefined;
}

export function libpqMode(text: string, problems: string[]): ServerTls['sslMode'] {
  try {
    return toSslMode(text);
  } catch (error) {
    problems.push((error as Error).message);
    return undefined;
  }
}
