import { keyText } from '@soar-feed/core';
import type { FeedEvent, ObjectKey } from '@soar-feed/core';
import { EMAIL_FORMS, emailType } from '../fields/emailTypes.js';
import type { EmailForm, Emails } from '../fields/emailTypes.js';
import type { Creates } from './Creates.js';
import type { Rows } from './Rows.js';

/** Why an e-mail message is left out with `emails=none`. */
export const NO_EMAILS = 'e-mail messages are left out (emails = none)';

const WANTED: Readonly<Record<Emails, EmailForm | undefined>> = {
  none: undefined,
  notes: 'note',
  attachments: 'attachment',
};

type Asked = Pick<FeedEvent, 'key' | 'operation'>;

/**
 * What an e-mail message is in the target, or is to be. It stays what it was first written as, whatever `emails` says now:
 * so it never is both, and its delete finds it. `undefined`: it is left out.
 */
export function emailFormOf(
  { key, operation }: Asked,
  emails: Emails,
  isKnown: (key: ObjectKey) => boolean,
): EmailForm | undefined {
  const wanted = WANTED[emails];
  if (wanted === undefined && operation === 'upsert') return undefined;
  return EMAIL_FORMS.find((form) => isKnown({ ...key, type: emailType(form) })) ?? wanted;
}

/** The same, from the mapping. An open create counts as well. */
export async function mappedFormOf(
  asked: Asked,
  emails: Emails,
  { rows, creates }: { readonly rows: Pick<Rows, 'findAll'>; readonly creates: Pick<Creates, 'intent'> },
): Promise<EmailForm | undefined> {
  const found = await rows.findAll(EMAIL_FORMS.map((form) => ({ ...asked.key, type: emailType(form) })));
  return emailFormOf(asked, emails, (key) => found.has(keyText(key)) || creates.intent(key) !== undefined);
}
