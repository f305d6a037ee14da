import type { FileSettings, ServerSettings } from './ServerSettings.js';

/** For people; never a password. */
export function nameOf(destination: ServerSettings | FileSettings): string {
  if (destination.engine === 'sqlite') return `SQLite file ${destination.file}`;
  const { engine, host, port, database, connectString } = destination;
  const product = { postgres: 'PostgreSQL', mysql: 'MariaDB/MySQL', mssql: 'SQL Server', oracle: 'Oracle' }[engine];
  if (connectString !== undefined)
    return `${product} ${connectString.replace(/password\s*=\s*[^)\s]*/gi, 'password=…')}`;
  return `${product} ${host}${port === undefined ? '' : `:${port}`}${database === undefined ? '' : `/${database}`}`;
}
