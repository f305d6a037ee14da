import { createHash } from 'node:crypto';

/** The namespace of every uuid below: made once, for this program. */
const NAMESPACE = Buffer.from('0f6f2f8cb7a94f1f9d0c6a3c2f1be5d4', 'hex');

/**
 * The uuid (RFC 9562, version 5) of a piece of a configuration that we make. The platform keeps uuids, so it tells our
 * pieces from those of IBM's packages and of people wherever this program runs, and a second import changes nothing.
 */
export function ownUuid(name: string): string {
  const bytes = createHash('sha1').update(NAMESPACE).update(name).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
