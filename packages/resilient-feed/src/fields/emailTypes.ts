import { EMAIL_TYPE, isEmail } from '@soar-feed/core';
import type { TypeSchema } from '@soar-feed/core';

/** `emails`: what the e-mail messages of the source become. */
export type Emails = 'none' | 'notes' | 'attachments';

/** What an e-mail message of the source becomes in the target, where nobody writes e-mail messages. */
export type EmailForm = 'note' | 'attachment';

export const EMAIL_FORMS: readonly EmailForm[] = ['note', 'attachment'];

/**
 * The type of an e-mail message in that form, here and in the mapping: it has rows of its own. The API names of data tables
 * are letters, digits and underscores, so none has this name.
 */
export function emailType(form: EmailForm): string {
  return `${EMAIL_TYPE}:${form}`;
}

export function isEmailType(type: string): boolean {
  return EMAIL_FORMS.some((form) => type === emailType(form));
}

/** The type that objects of this type have in the target. */
export function targetType(type: string): string {
  return EMAIL_FORMS.find((form) => type === emailType(form)) ?? type;
}

/** The type that objects of this type have in the source. */
export function sourceType(type: string): string {
  return isEmailType(type) ? EMAIL_TYPE : type;
}

/** All types, here and in the mapping, of objects that are of this type in the source. */
export function typesFrom(type: string): readonly string[] {
  return type === EMAIL_TYPE ? [type, ...EMAIL_FORMS.map(emailType)] : [type];
}

/** All types whose objects are in the target what those of this type are. */
export function typesBeside(type: string): readonly string[] {
  const inTarget = targetType(type);
  const email = EMAIL_FORMS.find((form) => form === inTarget);
  return email === undefined ? [inTarget] : [inTarget, emailType(email)];
}

/** Why no e-mail message can come, although `emails` asks for them. `types`: the source's, as the host feeds them. */
export function emailsInVain(emails: Emails, types: readonly TypeSchema[]): string | undefined {
  if (emails === 'none' || types.length === 0 || types.some(isEmail)) return undefined;
  return `${emails} has no effect, as [feeds] emails is not true, or the source has no e-mail messages`;
}
