import { field, z } from '@soar-feed/core';

/** The keys of a webhook feed's section; keys that begin with `header.` are further headers. */
export const keys = z.looseObject({
  url: field.url({
    doc: 'Where changes are posted.',
    unchecked: (value) => uncheckedUrl(String(value)),
  }),
  secret: field.secret({ doc: 'Key of the signature (HMAC-SHA256) that each request carries.' }).optional(),
  secret_old: field
    .secret({ doc: 'Key that secret has replaced: while it is set, requests carry both signatures.' })
    .optional(),
  token: field.secret({ doc: 'Sent as Authorization: Bearer.' }).optional(),
  format: field
    .choice(['flat', 'raw'], {
      doc: 'flat: one level, labels for ids, as IBM’s feeds write it; raw: the object as SOAR shapes it.',
    })
    .default('flat'),
  batch_size: field
    .integer({ min: 1, max: 10_000, unit: 'changes', doc: 'How many travel together at most.' })
    .default(100),
  batch_bytes: field
    .bytes({ min: 1_024, doc: 'Largest body of a request; a change that is larger travels alone.' })
    .default(1024 * 1024),
  batch_wait: field
    .duration({ bareUnit: 'ms', max: 60_000, doc: 'How long a batch waits for more changes.' })
    .default(20),
  request_timeout: field
    .duration({ min: 100, max: 600_000, doc: 'How long a request may take before it is tried again.' })
    .default(30_000),
  cafile: field
    .pathOrFalse({ doc: 'PEM file of the authorities to trust; false turns the check of certificates off.' })
    .optional(),
  client_auth_cert: field.path({ doc: 'PEM file of the TLS client certificate.' }).optional(),
  client_auth_key: field.path({ doc: 'PEM file of the key to the TLS client certificate.' }).optional(),
  proxy_host: field.text({ doc: 'HTTP proxy; without it HTTPS_PROXY and NO_PROXY are honoured.' }).optional(),
  proxy_port: field.integer({ min: 0, max: 65_535, doc: 'Port of the HTTP proxy.' }).optional(),
  proxy_user: field.text({ doc: 'User at the HTTP proxy.' }).optional(),
  proxy_password: field.secret({ doc: 'Password at the HTTP proxy.' }).optional(),
});

export type WebhookSection = z.output<typeof keys>;

function uncheckedUrl(url: string): string | undefined {
  const { protocol, hostname } = new URL(url);
  const isHere = /^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
  return protocol === 'https:' || isHere
    ? undefined
    : 'goes without TLS, so whoever stands between can read and change everything; use https';
}
