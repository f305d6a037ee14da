/** Where the server is, as `url` says it. */
export interface Address {
  /** Scheme and host, without port. */
  readonly origin: string;
  /** Only where the text names one. */
  readonly port?: number;
  /** Path below which the server answers; `''` for none. */
  readonly path: string;
}

const PATTERN = /^(https?:\/\/(?:\[[0-9a-f:.]+\]|[^/?#:@[\]\s]+))(?::(\d{1,5}))?(\/[^?#\s]*)?$/i;

/** IBM always appends the key `port`, so there a URL with a port or path breaks. Throws an `Error` that quotes nothing. */
export function readAddress(text: string): Address {
  if (/^[a-z]+:\/\/[^/]*@/i.test(text)) {
    throw new Error('must not hold a login; write it as auth_user and auth_password, or as api_key');
  }
  const [, origin, port, path = ''] = PATTERN.exec(text) ?? [];
  if (origin === undefined || !URL.canParse(text)) {
    throw new Error(
      'is not a URL such as https://search.example.com:9200; accepted: http:// or https://, host, port and path',
    );
  }
  return { origin, path: path.replace(/\/+$/, ''), ...(port === undefined ? {} : { port: Number(port) }) };
}
