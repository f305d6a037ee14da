import { PREFIX } from './headerTemplates.js';
import type { WebhookSection } from './keys.js';

export interface WebhookSettings {
  readonly url: string;
  /** Keys of the signatures, the newest first; none: requests are not signed. */
  readonly secrets: readonly string[];
  /** Templates by name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly format: 'flat' | 'raw';
  readonly batch: { readonly maxEvents: number; readonly maxWaitMs: number };
  readonly maxBodyBytes: number;
  readonly timeoutMs: number;
  /** PEM file; `false`: certificates are not checked. */
  readonly cafile?: string | false;
  readonly clientCert?: { readonly certFile: string; readonly keyFile: string };
  readonly proxy?: { readonly host: string; readonly port: number; readonly user?: string; readonly password?: string };
}

/** The section as the code uses it. */
export function toWebhookSettings(section: WebhookSection): WebhookSettings {
  const { token, cafile, client_auth_cert: certFile, client_auth_key: keyFile } = section;
  const { proxy_host: host, proxy_port: port, proxy_user: user, proxy_password: password } = section;
  return {
    url: section.url,
    secrets: [section.secret, section.secret_old].filter((secret) => secret !== undefined),
    headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headersOf(section) },
    format: section.format,
    batch: { maxEvents: section.batch_size, maxWaitMs: section.batch_wait },
    maxBodyBytes: section.batch_bytes,
    timeoutMs: section.request_timeout,
    ...(cafile === undefined ? {} : { cafile }),
    ...(certFile === undefined || keyFile === undefined ? {} : { clientCert: { certFile, keyFile } }),
    ...(host === undefined || !port
      ? {}
      : {
          proxy: {
            host,
            port,
            ...(user === undefined ? {} : { user }),
            ...(password === undefined ? {} : { password }),
          },
        }),
  };
}

function headersOf(section: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const named = Object.entries(section).filter(([key]) => key.startsWith(PREFIX));
  return Object.fromEntries(named.map(([key, value]) => [key.slice(PREFIX.length), String(value)]));
}
