export interface DatabaseServer {
  /** A name, an address, or the folder of a Unix socket. */
  readonly host: string;
  /** As libpq reads it; default `prefer`. */
  readonly sslMode?: string;
  readonly sslRootCert?: string;
}

/** Why somebody in between could read and change what goes to a database server; `undefined` if nobody could. */
export function uncheckedServer({ host, sslMode = 'prefer', sslRootCert }: DatabaseServer): string | undefined {
  const isHere = host.startsWith('/') || /^(localhost|127\.[\d.]+|\[?::1\]?)$/i.test(host);
  const mode = sslMode.toLowerCase();
  const isChecked = mode.startsWith('verify') || (mode === 'require' && sslRootCert !== undefined);
  if (isHere || isChecked) return undefined;
  return `does not check who answers at ${host} (sslmode=${mode}), so whoever stands between can read and change everything; set sslmode=verify-full, and sslrootcert where the authority is your own`;
}

/** The same for a PostgreSQL URL. */
export function uncheckedUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { hostname, searchParams } = new URL(text);
  const [sslMode, sslRootCert] = ['sslmode', 'sslrootcert'].map((word) => searchParams.get(word) ?? undefined);
  return uncheckedServer({
    host: searchParams.get('host') ?? hostname,
    ...(sslMode === undefined ? {} : { sslMode }),
    ...(sslRootCert === undefined ? {} : { sslRootCert }),
  });
}
