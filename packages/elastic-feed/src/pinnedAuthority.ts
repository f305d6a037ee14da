import { UnavailableError } from '@soar-feed/core';
import { connect } from 'node:tls';
import type { DetailedPeerCertificate } from 'node:tls';

/** Longest time for the handshake, ms. */
const WITHIN_MS = 10_000;

/**
 * The certificate of the authority with this SHA-256 fingerprint, as PEM, from the chain that the server sends. Nothing is
 * trusted by this alone: the connections that follow verify the server against it as usual. Throws `UnavailableError`.
 */
export async function pinnedAuthority(
  address: { readonly host: string; readonly port: number },
  fingerprint: string,
  signal: AbortSignal,
): Promise<string> {
  const wanted = fingerprint.replaceAll(':', '').toUpperCase();
  const chain = await chainOf(address, signal);
  const found = chain.find((certificate) => certificate.fingerprint256.replaceAll(':', '') === wanted);
  if (found !== undefined) return toPem(found.raw);
  throw new UnavailableError(
    `ca_fingerprint: none of the ${chain.length} certificates that ${address.host}:${address.port} sends has this fingerprint; compare it with the server's authority.`,
    { code: 'elastic-tls' },
  );
}

function chainOf(
  { host, port }: { readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<readonly DetailedPeerCertificate[]> {
  return new Promise((resolve, reject) => {
    const name = host.replace(/^\[|\]$/g, '');
    const socket = connect({ host: name, port, rejectUnauthorized: false, timeout: WITHIN_MS }, () => {
      const chain: DetailedPeerCertificate[] = [];
      let at: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
      while (at?.raw !== undefined && !chain.includes(at)) {
        chain.push(at);
        at = at.issuerCertificate;
      }
      resolve(chain);
      socket.destroy();
    });
    const fail = (why: string): void => {
      reject(new UnavailableError(`No TLS connection to ${host}:${port}: ${why}.`, { code: 'elastic-unreachable' }));
      socket.destroy();
    };
    socket.once('error', ({ code, message }: NodeJS.ErrnoException) => fail(code ?? message));
    socket.once('timeout', () => fail('no answer'));
    signal.addEventListener('abort', () => fail('given up'), { once: true });
    if (signal.aborted) fail('given up');
  });
}

function toPem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
