import type { ServerSettings } from '../database/ServerSettings.js';
import type { Reading } from './readServer.js';
import { libpqMode, readTls } from './readTls.js';

const ENGINES: ReadonlyMap<string, ServerSettings['engine']> = new Map([
  ['postgresql:', 'postgres'],
  ['postgres:', 'postgres'],
  ['mysql:', 'mysql'],
  ['mariadb:', 'mysql'],
  ['mssql:', 'mssql'],
  ['sqlserver:', 'mssql'],
  ['oracle:', 'oracle'],
]);

export const URL_PROTOCOLS = [...ENGINES.keys()].map((protocol) => protocol.slice(0, -1));

const TLS_WORDS = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey'];

/** The server of our own key `url`; every problem in it at once. */
export function readUrl(text: string): Reading {
  const url = new URL(text);
  const engine = ENGINES.get(url.protocol);
  // The key's own check has reported it.
  if (engine === undefined) return { problems: [] };
  const problems: string[] = [];
  const words = new Map(url.searchParams);
  for (const word of words.keys()) {
    if (!TLS_WORDS.includes(word))
      problems.push(`has ${word}=…, which is not known; known are ${TLS_WORDS.join(', ')}`);
  }
  const [mode, sslRootCert = '', sslCert = '', sslKey = ''] = TLS_WORDS.map((word) => words.get(word));
  const sslMode = mode === undefined ? undefined : libpqMode(mode, problems);
  const tls = { ...readTls({ sslRootCert, sslCert, sslKey }, engine, problems), ...(sslMode && { sslMode }) };
  const database = decodeURIComponent(url.pathname.replace(/^\//, ''));
  if (database === '') problems.push('names no database; write …/DATABASE');
  if (problems.length > 0) return { problems };
  const server: ServerSettings = {
    engine,
    host: decodeURIComponent(url.hostname).replace(/^\[|\]$/g, ''),
    database,
    tls,
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    ...(url.username === '' ? {} : { user: decodeURIComponent(url.username) }),
    ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
  };
  return { server, problems };
}
