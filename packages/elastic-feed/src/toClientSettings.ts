import { ConfigError } from '@soar-feed/core';
import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import type { ClientSettings } from './client.js';
import type { ElasticFeedSection } from './config.js';

/** Where a URL names no port: IBM's default, which is also the servers' own. */
const PORT = 9200;

/** What the clients need. Reads the PEM files; throws `ConfigError` for one that cannot be read. */
export function toClientSettings(section: ElasticFeedSection, name: string, ca?: string): ClientSettings {
  const authorization = authorizationOf(section);
  const proxy = proxyOf(section);
  return {
    node: `${section.url.origin}:${section.url.port ?? section.port ?? PORT}${section.url.path}`,
    tls: tlsOf(section, name, ca),
    ...(authorization === undefined ? {} : { authorization }),
    ...(proxy === undefined ? {} : { proxy }),
  };
}

function authorizationOf({ api_key: key, auth_user: user, auth_password: password }: ElasticFeedSection) {
  if (key !== undefined) return `ApiKey ${key.includes(':') ? base64(key) : key}`;
  return user === undefined ? undefined : `Basic ${base64(`${user}:${password ?? ''}`)}`;
}

function proxyOf({ proxy_host: host, proxy_port: port, proxy_user: user, proxy_password }: ElasticFeedSection) {
  if (host === undefined || port === undefined) return undefined;
  const password = proxy_password === undefined ? '' : `:${encodeURIComponent(proxy_password)}`;
  return `http://${user === undefined ? '' : `${encodeURIComponent(user)}${password}@`}${host}:${port}`;
}

function tlsOf(section: ElasticFeedSection, name: string, pinned: string | undefined): ConnectionOptions {
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
    ...(pinned === undefined ? {} : { ca: pinned }),
    ...(typeof cafile === 'string' ? { ca: read('cafile', cafile) } : {}),
    ...(cert === undefined || key === undefined
      ? {}
      : { cert: read('client_auth_cert', cert), key: read('client_auth_key', key) }),
  };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
