import { surroundings } from '@soar-feed/core';
import type { OAuthSettings } from '../config/KafkaSettings.js';

/** How long before its end a token is replaced. ms. */
const SPARE_MS = 30_000;
const ANSWERS_WITHIN_MS = 10_000;

/** Access tokens by OAuth 2's client credentials (RFC 6749 §4.4), kept until shortly before they end. */
export class OAuthTokens {
  private kept: { readonly token: string; readonly untilMs: number } | undefined;

  constructor(private readonly settings: OAuthSettings) {}

  async get(): Promise<string> {
    if (this.kept === undefined || this.kept.untilMs <= surroundings().steadyMs()) this.kept = await this.fetch();
    return this.kept.token;
  }

  private async fetch(): Promise<{ token: string; untilMs: number }> {
    const { tokenUrl, clientId, clientSecret, scope } = this.settings;
    const login = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString('base64');
    const response = await fetch(tokenUrl, {
      method: 'POST',
      headers: { authorization: `Basic ${login}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ grant_type: 'client_credentials', ...(scope === undefined ? {} : { scope }) }),
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
    });
    const { host } = new URL(tokenUrl);
    // The body of an error may repeat what was sent.
    if (!response.ok) throw new Error(`The token endpoint at ${host} answered ${response.status}.`);
    const answer = (await response.json()) as { access_token?: unknown; expires_in?: unknown };
    if (typeof answer.access_token !== 'string') {
      throw new Error(`The token endpoint at ${host} answered without an access_token.`);
    }
    const seconds = typeof answer.expires_in === 'number' ? answer.expires_in : 60;
    return { token: answer.access_token, untilMs: surroundings().steadyMs() + Math.max(0, seconds * 1_000 - SPARE_MS) };
  }
}
