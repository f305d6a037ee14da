import { isIP } from 'node:net';
import { SoarApiError } from '../rest/SoarApiError.js';
import { isExempt } from './isExempt.js';
import type { SoarConnection } from './SoarConnection.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** The HTTP proxy for the server: the configured one, otherwise that of the environment. */
export function proxyFor(connection: SoarConnection, environment: Environment): URL | undefined {
  if (connection.proxy !== undefined) {
    const { host, port, user, password } = connection.proxy;
    const url = proxyUrl(host, '`proxy`');
    url.port = String(port);
    if (user !== undefined) url.username = encodeURIComponent(user);
    if (password !== undefined) url.password = encodeURIComponent(password);
    return url;
  }
  const variable = environment['HTTPS_PROXY'] ? 'HTTPS_PROXY' : 'https_proxy';
  const named = environment[variable];
  const noProxy = environment['NO_PROXY'] || environment['no_proxy'] || '';
  if (!named || isExempt(connection.host, connection.port ?? 443, noProxy)) return undefined;
  return proxyUrl(named, `${variable} in the environment`);
}

/** Its text may contain a password, so messages must not show it. */
function proxyUrl(text: string, source: string): URL {
  const invalid = (what: string): SoarApiError => new SoarApiError(`${source} ${what}.`, { code: 'invalid-proxy' });
  const bare = isIP(text) === 6 ? `[${text}]` : text;
  const spelled = bare.includes('://') ? bare : `http://${bare}`;
  if (!URL.canParse(spelled)) throw invalid('is no host name and no URL');
  const url = new URL(spelled);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw invalid(`begins with ${url.protocol}//; a proxy is spoken to by http:// or https://`);
  }
  try {
    decodeURIComponent(url.username);
    decodeURIComponent(url.password);
  } catch {
    throw invalid('has a % in its user or password that begins no code: write %25 for it');
  }
  return url;
}
