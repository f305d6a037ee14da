import { rawValues, validateSection } from '@soar-feed/core';
import { toWebhookSettings, WebhookFeed, webhookFeedConfig } from '../../src/index.js';

/** A feed with the settings of a section, as a host makes it. */
export function webhookFeed(section: Readonly<Record<string, string>>): WebhookFeed {
  const result = validateSection('webhook_feed', rawValues(section), webhookFeedConfig);
  if (!result.ok) throw new Error(result.issues.map(({ key, problem }) => `${key}: ${problem}`).join('\n'));
  return new WebhookFeed(toWebhookSettings(result.value));
}
