import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a form comes from a page of this host, by what browsers say of it and no page can forge. Who sends neither
 * header is no browser, and cannot be talked into anything by a page. Behind a proxy or a tunnel, host and port are
 * those that the browser sees; the scheme may differ.
 */
export function isOwnForm({ origin, host, 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  if (origin === undefined) return true;
  try {
    const { protocol, host: sender } = new URL(origin);
    return (protocol === 'http:' || protocol === 'https:') && sender === new URL(`${protocol}//${host ?? ''}`).host;
  } catch {
    return false;
  }
}
