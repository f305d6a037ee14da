import { describe, expect, it } from '@jest/globals';
import { validateSection } from '@soar-feed/core';
import { elasticFeedConfig } from '../src/index.js';
import { toClientSettings } from '../src/toClientSettings.js';
import { section } from './double/bench.js';

describe('the section of an elastic feed', () => {
  const problems = (values: Readonly<Record<string, string>>): readonly string[] => {
    const raw = new Map(Object.entries(values).map(([key, text]) => [key, { text }]));
    return validateSection('search', raw, elasticFeedConfig).issues.map(({ key, problem }) => `${key}: ${problem}`);
  };
  const node = (values: Readonly<Record<string, string>>): string => toClientSettings(section(values), 'search').node;

  it('IBM appends the port to every url, so one with a port or path breaks: here both work', () => {
    expect(node({ url: 'https://es.example.com' })).toBe('https://es.example.com:9200');
    expect(node({ url: 'https://es.example.com', port: '443' })).toBe('https://es.example.com:443');
    expect(node({ url: 'https://es.example.com:443/search/' })).toBe('https://es.example.com:443/search');
    expect(node({ url: 'http://[::1]:9201' })).toBe('http://[::1]:9201');
  });

  it('IBM writes to an index "Noneincident" without index_prefix, which the server refuses: the default is resilient_', () => {
    expect(elasticFeedConfig.parse({ url: 'https://es' }).index_prefix).toBe('resilient_');
    expect(elasticFeedConfig.parse({ url: 'https://es', index_prefix: 'SOAR_' }).index_prefix).toBe('soar_');
  });

  it('certificates are verified unless cafile=false says otherwise (IBM does not verify without cafile)', () => {
    expect(toClientSettings(section({ url: 'https://es' }), 'search').tls).toEqual({ rejectUnauthorized: true });
    expect(toClientSettings(section({ url: 'https://es', cafile: 'false' }), 's').tls).toEqual({
      rejectUnauthorized: false,
    });
  });

  it('an API key may be given as the server encodes it, or as id:key', () => {
    const authorization = (api_key: string) =>
      toClientSettings(section({ url: 'https://es', api_key }), 's').authorization;
    expect(authorization('aWQ6a2V5')).toBe('ApiKey aWQ6a2V5');
    expect(authorization('id:key')).toBe('ApiKey aWQ6a2V5');
  });

  it('a proxy takes its login from its own keys', () => {
    const keys = { proxy_host: 'proxy', proxy_port: '3128', proxy_user: 'me@x', proxy_password: 'p:w' };
    expect(toClientSettings(section({ url: 'https://es', ...keys }), 's').proxy).toBe('http://me%40x:p%3Aw@proxy:3128');
  });

  it('says all that is wrong in one report, without a secret', () => {
    const found = problems({
      ...{ url: 'https://me:hunter2@es', index_prefix: '_x*', port: '0', flavour: 'solr', auth_user: 'me' },
      ...{ ca_fingerprint: 'ab:cd', client_auth_cert: 'a.pem', proxy_host: 'proxy', on_delete: 'keep' },
    });
    const keys = [...new Set(found.map((line) => line.replace(/:.*/, '')))].sort();
    expect(keys).toEqual(
      [
        'auth_password',
        'ca_fingerprint',
        'client_auth_key',
        'flavour',
        'index_prefix',
        'on_delete',
        'port',
        'proxy_port',
        'url',
      ].sort(),
    );
    expect(found.join()).not.toContain('hunter2');
  });

  it.each([
    [{ url: 'https://es:9200', port: '9201' }, 'port: differs from the port in url'],
    [{ url: 'https://es', api_key: 'a', auth_user: 'b', auth_password: 'c' }, 'api_key: is given beside auth_user'],
    [{ url: 'http://es', ca_fingerprint: 'ab'.repeat(32) }, 'ca_fingerprint: needs an https url'],
    [{ url: 'es.example.com' }, 'url: is not a URL such as'],
  ])('%j is refused: %s', (values, problem) => {
    expect(problems(values)).toEqual([expect.stringContaining(problem)]);
  });
});
