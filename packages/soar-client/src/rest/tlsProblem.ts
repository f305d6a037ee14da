/** OpenSSL's and Node's names for a chain that leads to no trusted authority. */
const UNTRUSTED = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_UNTRUSTED',
  'CERT_SIGNATURE_FAILURE',
  'INVALID_CA',
]);

/** Why a TLS connection failed, for the person who can fix it; `undefined`: the problem is not TLS. */
export function tlsProblem(cause: unknown, host: string): { code: string; what: string } | undefined {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  if (typeof code !== 'string') return undefined;
  if (UNTRUSTED.has(code)) {
    return {
      code: 'untrusted-certificate',
      what:
        `the certificate of ${host} is not signed by a trusted authority (${code}). ` +
        'Set `cafile` to a PEM file with the signing authority (or with the certificate itself, when self-signed); ' +
        '`cafile=false` turns the check off.',
    };
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return {
      code: 'certificate-for-another-host',
      what: `the certificate is for another name than ${host}. Use the host name in the certificate.`,
    };
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return {
      code: 'certificate-out-of-date',
      what: `the certificate of ${host} is expired or not valid yet (${code}).`,
    };
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') || code.startsWith('CERT_')) {
    return {
      code: 'tls-failed',
      what: `no TLS connection with ${host} (${code}): is the port right, and does it speak TLS?`,
    };
  }
  return undefined;
}
