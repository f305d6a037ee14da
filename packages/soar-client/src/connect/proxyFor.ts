import { SoarApiError } from '../rest/SoarApiError.js';
import type { SoarConnection } from './SoarConnection.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** The HTTP proxy on the way to the server: the one configured, else the environment's. */
export function proxyFor(connection: SoarConnection, environment: Environment): URL | undefined {
  if (connection.proxy !== undefined) {
    const { host, port, user, password } = connection.proxy;
    const url = proxyUrl(host, '`proxy`');
    url.port = String(port);
    if (user !== undefined) url.username = encodeURIComponent(user);
    if (password !== undefined) url.password = encodeURIComponent(password);
    return url;
  }
  const named = environment['HTTPS_PROXY'] || environment['https_proxy'];
  if (!named || isExempt(connection, environment['NO_PROXY'] || environment['no_proxy'] || '')) return undefined;
  return proxyUrl(named, 'HTTPS_PROXY in the environment');
}

function proxyUrl(text: string, source: string): URL {
  const url = text.includes('://') ? text : `http://${text}`;
  if (URL.canParse(url)) return new URL(url);
  throw new SoarApiError(`${source} is no host name and no URL.`, { code: 'invalid-proxy' });
}

/** `NO_PROXY`: `*`, or names separated by commas or blanks, each also for its subdomains, each maybe with a port. */
function isExempt({ host, port = 443 }: SoarConnection, list: string): boolean {
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      const [, name = '', onlyPort] = /^(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
      if (onlyPort !== undefined && Number(onlyPort) !== port) return false;
      const suffix = name.replace(/^\*?\./, '');
      return host.toLowerCase() === suffix || host.toLowerCase().endsWith(`.${suffix}`);
    });
}
