import { describe, expect, it } from '@jest/globals';
import { rawValues, validateSection } from '@soar-feed/core';
import { sqlFeedConfig, toSettings } from '../src/index.js';

type Texts = Readonly<Record<string, string>>;

function read(texts: Texts) {
  return validateSection('sql_feed', rawValues(texts), sqlFeedConfig, { folder: '/etc/soar', reserved: ['class'] });
}

function destination(texts: Texts) {
  const { ok, value, issues } = read(texts);
  if (!ok) throw new Error(issues.map(({ key, problem }) => `${key} ${problem}`).join('\n'));
  const { timeouts: _, ...place } = toSettings(value, 'sql_feed').destination;
  return place;
}

const problems = (texts: Texts) => read(texts).issues.map(({ key, problem }) => `${key}: ${problem}`);

describe('the destination in IBM’s keys', () => {
  it('is the SQLite file, relative to the configuration', () => {
    expect(destination({ class: 'SQLiteFeed' })).toEqual({ engine: 'sqlite', file: '/etc/soar/objects.sqlite3' });
    expect(destination({ class: 'SQLiteFeed', file_name: '/data/x.db' })).toEqual({
      engine: 'sqlite',
      file: '/data/x.db',
    });
  });

  it.each([
    [
      'Driver={PostgreSQL};Server=db.example;DB=soar;Port=5432;connectTimeout=0',
      'PostgreSQL96Dialect',
      'postgres',
      5432,
    ],
    ['Driver={PostresSQL};SERVER=db.example;Database=soar;Port=5433', 'PostgreSQL96Dialect', 'postgres', 5433],
    [
      'Driver={MariaDB ODBC 3.0 Driver};Servername=db.example;DB=soar;Port=3306;connectTimeout=0',
      'MariaDBDialect',
      'mysql',
      3306,
    ],
    ['Driver={MySQL};Server={db.example};DB=soar;Port=3306', 'MySQLDialect', 'mysql', 3306],
    ['DRIVER={FreeTNS};SERVER=db.example;PORT=1443;DATABASE=soar;TDS_Version=8.0', 'SQLServerDialect', 'mssql', 1443],
    [
      'DRIVER={ODBC Driver 17 for SQL Server};SERVER=tcp:db.example,1433;DATABASE=soar',
      'SQLServerDialect',
      'mssql',
      1433,
    ],
  ])('is the server of %s', (odbc_connect, sql_dialect, engine, port) => {
    expect(destination({ class: 'ODBCFeed', odbc_connect, sql_dialect, uid: 'feed', pwd: 'hush' })).toMatchObject({
      engine,
      host: 'db.example',
      database: 'soar',
      port,
      user: 'feed',
      password: 'hush',
    });
  });

  it('is Oracle’s service name or descriptor, as the plug-in takes it since 1.0.5', () => {
    const descriptor = '(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=db.example)(PORT=1521))(CONNECT_DATA=(SID=soar)))';
    for (const odbc_connect of [descriptor, 'db.example:1521/soar']) {
      const place = destination({ class: 'ODBCFeed', odbc_connect, sql_dialect: 'OracleDialect' });
      expect(place).toMatchObject({ engine: 'oracle', host: 'db.example', connectString: odbc_connect });
    }
  });

  it('takes the words about TLS, whatever driver they are for', () => {
    const tls = (odbc_connect: string, sql_dialect: string) =>
      (destination({ class: 'ODBCFeed', odbc_connect, sql_dialect }) as { tls: unknown }).tls;
    const at = 'Server=db.example;DB=soar';
    expect(tls(`${at};sslmode=verify-full;SSLRootCert=/ca.pem`, 'PostgreSQL96Dialect')).toEqual({
      sslMode: 'verify-full',
      sslRootCert: '/ca.pem',
    });
    expect(tls(`${at};SSLCA=/ca.pem`, 'MariaDBDialect')).toEqual({ sslMode: 'verify-ca', sslRootCert: '/ca.pem' });
    expect(tls(`${at};SSLMODE=VERIFY_IDENTITY`, 'MySQLDialect')).toEqual({ sslMode: 'verify-full' });
    expect(tls(at, 'SQLServerDialect')).toEqual({ sslMode: 'verify-full' });
    expect(tls(`${at};Encrypt=yes;TrustServerCertificate=yes`, 'SQLServerDialect')).toEqual({ sslMode: 'require' });
    expect(tls(`${at};Encrypt=no`, 'SQLServerDialect')).toEqual({ sslMode: 'disable' });
  });
});

describe('the destination as a URL', () => {
  it('is read with its login, and uid and pwd go before that', () => {
    const url = 'postgresql://a:b@db.example:5433/soar?sslmode=require';
    expect(destination({ url })).toEqual({
      engine: 'postgres',
      host: 'db.example',
      port: 5433,
      database: 'soar',
      user: 'a',
      password: 'b',
      tls: { sslMode: 'require' },
    });
    expect(destination({ url, uid: 'c', pwd: 'd' })).toMatchObject({ user: 'c', password: 'd' });
    expect(destination({ url: 'mariadb://h/soar' })).toMatchObject({ engine: 'mysql', host: 'h' });
  });
});

describe('settings that cannot be meant', () => {
  it('are refused by name, all in one report, with the line to write', () => {
    const odbc_connect = 'Driver={MySQL};Servr=db;DSN=soar;PWD=hush;Port=99999';
    const told = problems({ class: 'ODBCFeed', odbc_connect, sql_dialect: 'PostgreSQL96Dialect', batch_size: 'many' });
    const text = told.join('\n');
    for (const word of ['Driver={MySQL}', 'Servr', 'DSN', 'pwd', 'Port=99999', 'batch_size', 'Server=…', 'DB=…'])
      expect(text).toContain(word);
    expect(text).not.toContain('hush');
    expect(told).toHaveLength(2);
  });

  it.each<[string, Texts, string]>([
    ['no dialect', { class: 'ODBCFeed', odbc_connect: 'Server=h;DB=d' }, 'sql_dialect: is missing; accepted: Postgre'],
    ['an unknown one', { odbc_connect: 'Server=h;DB=d', sql_dialect: 'DB2' }, 'sql_dialect: found "DB2"; accepted: Po'],
    ['no server', { class: 'ODBCFeed' }, 'odbc_connect: is missing'],
    ['a server for a file', { class: 'SQLiteFeed', url: 'mysql://h/d' }, 'url: names a server, but class=SQLiteFeed'],
    ['two servers', { url: 'mysql://h/d', odbc_connect: 'Driver={MySQL};Server=h;DB=d' }, 'url: is given beside'],
    ['a schema in SQLite', { schema: 'x' }, 'schema: is given, but SQLite has no schemas'],
    ['an odd prefix', { table_prefix: 'x; drop' }, 'table_prefix: found "x; drop"'],
    ['no database', { url: 'mysql://h' }, 'url: names no database'],
    ['an odd word in a URL', { url: 'mysql://h/d?ssl=1' }, 'url: has ssl=…, which is not known'],
    [
      'an ODBC string for Oracle',
      { odbc_connect: 'Driver={Oracle 12c ODBC driver};DBQ=soar', sql_dialect: 'OracleDialect' },
      'odbc_connect: is an ODBC string, which the Oracle driver does not take; write odbc_connect=soar',
    ],
    [
      'a named instance',
      { odbc_connect: 'Driver={FreeTDS};Server=h\\SQLEXPRESS;DB=d' },
      'odbc_connect: names the instance h\\SQLEXPRESS; write Server=h;Port=… of that instance',
    ],
  ])('%s', (_name, texts, problem) => {
    expect(problems(texts).join('\n')).toContain(problem);
  });
});
