import { createHmac } from 'node:crypto';

/**
 * The header `x-soar-feed-signature`: the time in seconds, and for each key the HMAC-SHA256 of time, a dot and the body.
 * The time lets a receiver refuse what somebody recorded and sends again.
 */
export function signature(body: string, secrets: readonly string[], seconds: number): string {
  const signed = secrets.map((secret) => createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex'));
  return [`t=${seconds}`, ...signed.map((hex) => `v1=${hex}`)].join(',');
}
