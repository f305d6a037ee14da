import { createHash } from 'node:crypto';
import { surroundings, writeJson } from '@soar-feed/core';
import { filled } from '../config/headerTemplates.js';
import type { WebhookSettings } from '../config/WebhookSettings.js';
import { signature } from './signature.js';

export interface Request {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A request with items, each as JSON already. The id of the batch comes from its body: the same changes have the same one. */
export function requestOf(items: readonly string[], org: string, settings: WebhookSettings): Request {
  const batch = createHash('sha256').update(items.join('\n')).digest('hex').slice(0, 32);
  const body = `{"version":1,"batch":${writeJson(batch)},"items":[${items.join(',')}]}`;
  const values = { org, batch, count: String(items.length) };
  const templates = Object.entries(settings.headers).map(([name, template]) => [name, filled(template, values)]);
  const seconds = Math.floor(surroundings().now() / 1_000);
  return {
    body,
    headers: {
      ...(Object.fromEntries(templates) as Record<string, string>),
      'content-type': 'application/json',
      'idempotency-key': batch,
      ...(settings.secrets.length === 0 ? {} : { 'x-soar-feed-signature': signature(body, settings.secrets, seconds) }),
    },
  };
}
