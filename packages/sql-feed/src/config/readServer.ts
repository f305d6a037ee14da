import { didYouMean } from '@soar-feed/core';
import type { ServerSettings } from '../database/ServerSettings.js';
import type { OdbcText } from './parseOdbc.js';
import { engineOfDriver, knownWords, meaningOf } from './odbcWords.js';
import type { Engine, Part, WordedEngine } from './odbcWords.js';
import { readTls } from './readTls.js';

export interface Reading {
  readonly server?: ServerSettings;
  readonly problems: readonly string[];
}

/** The server that IBM's `odbc_connect` names; every problem in it at once. */
export function readServer(odbc: OdbcText, engine: Exclude<Engine, 'sqlite'>): Reading {
  if (engine === 'oracle') return readOracle(odbc);
  if (odbc.words === undefined)
    return { problems: ['is no ODBC connection string: name=value pairs between ;, such as Server=127.0.0.1;DB=soar'] };
  const problems: string[] = [];
  const found: Partial<Record<Part, string>> = {};
  for (const { name, value } of odbc.words) {
    const meaning = meaningOf(engine, name);
    if (meaning === undefined) problems.push(unknownWord(name, engine));
    else if (typeof meaning !== 'string') problems.push(`${name} ${meaning.refused}`);
    else found[meaning] = value;
  }
  const { driver, host = '', port, database = '', user, password } = found;
  const meant = driver === undefined ? undefined : engineOfDriver(driver);
  if (meant !== undefined && meant !== engine)
    problems.push(`has Driver={${driver ?? ''}}, which is not the server that sql_dialect names`);
  if (password !== undefined) problems.push('holds a password; write it into pwd');
  const place = placeOf(host, port, problems);
  if (database === '' && engine !== 'mssql') problems.push('names no database; write DB=…');
  const tls = readTls(found, engine, problems);
  if (problems.length > 0) return { problems };
  const named = { ...(database === '' ? {} : { database }), ...(user === undefined ? {} : { user }) };
  return { server: { engine, ...place, tls, ...named }, problems };
}

/** Before 1.0.5 IBM's plug-in took an ODBC string here; since then it takes what the Oracle driver takes. */
function readOracle({ text, words }: OdbcText): Reading {
  if (/password\s*=|pwd\s*=/i.test(text)) return { problems: ['holds a password; write it into pwd'] };
  if (words === undefined) {
    const host = /\(HOST\s*=\s*([^)\s]+)/i.exec(text)?.[1] ?? text.split(/[:/]/)[0] ?? '';
    return { server: { engine: 'oracle', host, connectString: text, tls: {} }, problems: [] };
  }
  const found = new Map(words.map(({ name, value }) => [name.toLowerCase(), value]));
  const first = (...names: readonly string[]) => names.map((name) => found.get(name)).find((one) => one !== undefined);
  const host = first('host', 'server');
  const service = first('dbq', 'servername', 'service', 'sid', 'database', 'db') ?? 'SERVICE';
  const line = host === undefined ? service : `${host}:${found.get('port') ?? '1521'}/${service}`;
  return { problems: [`is an ODBC string, which the Oracle driver does not take; write odbc_connect=${line}`] };
}

function unknownWord(name: string, engine: WordedEngine): string {
  const hint = didYouMean(name.toLowerCase(), knownWords(engine));
  const advice = hint === undefined ? 'take it out' : `write ${hint}=… instead, or take it out`;
  return `has ${name}, which is not known; ${advice}`;
}

/** SQL Server's forms: `tcp:host,1433`; a named instance has a port that only its browser service knows. */
function placeOf(text: string, portText: string | undefined, problems: string[]): { host: string; port?: number } {
  const parts = text.replace(/^tcp:/i, '').split(',');
  const [host = '', inHost] = parts.map((part) => part.trim());
  const [machine = ''] = host.split('\\');
  if (host === '') problems.push('names no server; write Server=…');
  if (host !== machine) problems.push(`names the instance ${host}; write Server=${machine};Port=… of that instance`);
  const port = inHost ?? portText ?? '';
  if (port === '') return { host };
  const number = /^\d{1,5}$/.test(port) ? Number(port) : NaN;
  if (number >= 1 && number <= 65_535) return { host, port: number };
  problems.push(`has Port=${port}, which is no port from 1 to 65535`);
  return { host };
}
