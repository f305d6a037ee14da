import { SoarApiError } from '@soar-feed/soar-client';
import type { SoarConnection } from '@soar-feed/soar-client';

/** The keys of the login that is used; the other login is ignored. */
const LOGIN = ({ apiKeyId }: SoarConnection): readonly string[] =>
  apiKeyId === undefined ? ['email', 'password'] : ['api_key_id', 'api_key_secret'];
const SERVER = (_: SoarConnection, ofQueue: boolean): readonly string[] =>
  ofQueue ? ['stomp_host', 'stomp_port'] : ['host', 'port'];
const NAME = (_: SoarConnection, ofQueue: boolean): readonly string[] => [ofQueue ? 'stomp_host' : 'host'];
const TRUST = ({ stomp }: SoarConnection, ofQueue: boolean): readonly string[] => [
  ofQueue && stomp?.cafile !== undefined ? 'stomp_cafile' : 'cafile',
];
const ORG = (): readonly string[] => ['org'];
const PROXY = ({ proxy }: SoarConnection): readonly string[] =>
  proxy === undefined ? [] : ['proxy_host', 'proxy_port', ...(proxy.user === undefined ? [] : ['proxy_user'])];

/** Which keys a person should check, by the code of the error. */
const KEYS: ReadonlyMap<string, (connection: SoarConnection, ofQueue: boolean) => readonly string[]> = new Map([
  ['unauthorized', LOGIN],
  ['no-login', LOGIN],
  ['queue-login-refused', LOGIN],
  ['untrusted-certificate', TRUST],
  ['certificate-for-another-host', NAME],
  ['host-not-found', NAME],
  ['certificate-out-of-date', SERVER],
  ['connection-refused', SERVER],
  ['connect-timeout', SERVER],
  ['connect-failed', SERVER],
  ['tls-failed', SERVER],
  ['org-not-found', ORG],
  ['org-not-set', ORG],
  ['org-disabled', ORG],
  ['no-org', ORG],
  ['proxy-refused', PROXY],
  ['invalid-proxy', PROXY],
]);

/**
 * The same error, with the section and the keys (`connectionFields`) at fault before its message: `[resilient]
 * api_key_id, api_key_secret: ...`. An error that no key of the connection can fix is returned as it is.
 */
export function namingKeys<Failure>(
  error: Failure,
  section: string,
  connection: SoarConnection,
  { ofQueue = false }: { readonly ofQueue?: boolean } = {},
): Failure | SoarApiError {
  if (!SoarApiError.is(error)) return error;
  const keys = keysOfFile(error, connection, ofQueue) ?? KEYS.get(error.code)?.(connection, ofQueue) ?? [];
  const place = `[${section}] ${keys.join(', ')}: `;
  if (keys.length === 0 || error.message.startsWith(place)) return error;
  return new SoarApiError(place + error.message, { ...error, cause: error });
}

/** The error about an unreadable file names the file's key; the broker's `cafile` may have a key of its own. */
function keysOfFile({ code, details }: SoarApiError, connection: SoarConnection, ofQueue: boolean) {
  const { key } = details;
  if (code !== 'file-unreadable' || typeof key !== 'string') return undefined;
  return key === 'cafile' ? TRUST(connection, ofQueue) : [key];
}
