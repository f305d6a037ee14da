import { describe, expect, it } from '@jest/globals';
import { parseOdbc } from '../../src/mapping/parseOdbc.js';

const BASE = { host: '127.0.0.1', database: 'feed' };

describe('postgresql_connect', () => {
  it.each([
    ['IBM’s example', 'Driver={PostgreSQL};Server=127.0.0.1;DB=feed;Port=5432', { ...BASE, port: 5432 }],
    ['blanks, and no end', ' Server = 127.0.0.1 ; DB = feed ; ', BASE],
    ['other words, in any case', 'SERVERNAME=127.0.0.1;Database=feed;UserName=ann', { ...BASE, user: 'ann' }],
    ['words of libpq', 'host=127.0.0.1;database=feed;user=ann', { ...BASE, user: 'ann' }],
    ['Uid', 'Server=127.0.0.1;DB=feed;Uid=ann', { ...BASE, user: 'ann' }],
    ['braces with ; = and }', 'Server=127.0.0.1;DB={a;b=}}c}', { host: '127.0.0.1', database: 'a;b=}c' }],
    ['a brace that does not end', 'Server=127.0.0.1;DB={b', { host: '127.0.0.1', database: '{b' }],
    ['an empty value', 'Server=127.0.0.1;DB=feed;Options=', BASE],
    ['the last one of two', 'Server=other;Server=127.0.0.1;DB=feed', BASE],
    [
      'TLS',
      'Server=127.0.0.1;DB=feed;SSLmode=verify-full;sslrootcert=/etc/ca.pem',
      { ...BASE, tls: { sslMode: 'verify-full', sslRootCert: '/etc/ca.pem' } },
    ],
    ['a certificate alone', 'Server=127.0.0.1;DB=feed;sslrootcert=/ca', { ...BASE, tls: { sslRootCert: '/ca' } }],
    ['a mode alone', 'Server=127.0.0.1;DB=feed;SSLmode=require', { ...BASE, tls: { sslMode: 'require' } }],
  ])('is read with %s', (_what, text, connection) => expect(parseOdbc(text)).toStrictEqual(connection));

  it.each([
    ['no pairs', 'somewhere', /^is no ODBC connection string/],
    ['something after the pairs', 'Server=a;DB=b;rest', /^is no ODBC connection string/],
    ['a password', 'Server=a;DB=b;Pwd=x', /^holds a password; write it into postgresql_pwd$/],
    ['a password by its long name', 'Server=a;DB=b;Password=', /^holds a password/],
    ['no server', 'DB=b', /^names no Server$/],
    ['an empty server', 'Server=;DB=b', /^names no Server$/],
    ['no database', 'Server=a', /^names no DB$/],
    ['a port in words', 'Server=a;DB=b;Port=five', /^has Port=five, which is no number$/],
    ['a port with more', 'Server=a;DB=b;Port=5432x', /^has Port=5432x/],
    ['more before a port', 'Server=a;DB=b;Port=x5432', /^has Port=x5432/],
    ['too long a port', 'Server=a;DB=b;Port=543210', /^has Port=543210/],
  ])('with %s is refused', (_what, text, why) => expect(() => parseOdbc(text)).toThrow(why));
});
