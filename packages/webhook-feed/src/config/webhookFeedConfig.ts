import { didYouMean } from '@soar-feed/core';
import type { z } from '@soar-feed/core';
import { headerProblem, PREFIX } from './headerTemplates.js';
import { keys } from './keys.js';
import type { WebhookSection } from './keys.js';

type Given = Readonly<Partial<WebhookSection>>;
type Context = z.core.$RefinementCtx<unknown>;

/** The keys of a webhook feed's section; everything that is wrong stands in one report. */
export const webhookFeedConfig = keys
  .superRefine(refuseContradictions, { when: () => true })
  .superRefine(checkHeaders, { when: () => true });

function refuseContradictions(section: Given, context: Context): void {
  const needs = (key: keyof WebhookSection & string, other: keyof WebhookSection & string): void => {
    if (section[key] === undefined && section[other] !== undefined) report(context, key, `is missing beside ${other}`);
  };
  needs('secret', 'secret_old');
  needs('client_auth_key', 'client_auth_cert');
  needs('client_auth_cert', 'client_auth_key');
  needs('proxy_host', 'proxy_user');
  if (section.proxy_host !== undefined && !section.proxy_port)
    report(context, 'proxy_port', 'is missing beside proxy_host');
  if (section.token !== undefined && Object.hasOwn(section, `${PREFIX}authorization`)) {
    report(context, 'token', `contradicts ${PREFIX}authorization; keep one of the two`);
  }
}

function checkHeaders(section: Readonly<Record<string, unknown>>, context: Context): void {
  const known = Object.keys(keys.shape);
  for (const [key, value] of Object.entries(section)) {
    if (known.includes(key)) continue;
    if (key.startsWith(PREFIX)) {
      const problem = headerProblem(key.slice(PREFIX.length), String(value));
      if (problem !== undefined) report(context, key, problem);
      continue;
    }
    const hint = didYouMean(key, known);
    report(context, key, `is not known; ${hint === undefined ? `a header is ${PREFIX}NAME` : `did you mean ${hint}?`}`);
  }
}

function report(context: Context, key: string, message: string): void {
  context.issues.push({ code: 'custom', path: [key], message, input: undefined });
}
