import type { SelectOption } from '@soar-feed/core';
import type { GroupDto, UserDto } from '@soar-feed/soar-client';
import { emailsOf } from '../fields/emailsOf.js';

/**
 * Finds users and groups of the target by the source's label: `First Last (e-mail)` for users, the plain name for
 * groups. A group may have the name of a user, so the whole label counts first, then the e-mail in it, then the name.
 */
export class People {
  private readonly byLabel = new Map<string, number>();
  /** In lower case, like `byName`. */
  private readonly byEmail = new Map<string, number>();
  private readonly byName = new Map<string, number>();

  /** `choices`: people that the target's fields offer, for a list that could not be read. */
  constructor(users: readonly UserDto[], groups: readonly GroupDto[], choices: readonly SelectOption[]) {
    for (const user of users.filter(isActive)) {
      for (const label of labelsOf(user)) put(this.byLabel, label, user.id);
      if (user.email) put(this.byEmail, fold(user.email), user.id);
    }
    for (const { id, name, export_key: key } of groups) {
      put(this.byLabel, name, id);
      for (const spelled of [name, key]) if (spelled) put(this.byName, fold(spelled), id);
    }
    for (const { label, value, enabled } of choices)
      if (enabled && typeof value === 'number') put(this.byLabel, label, value);
  }

  /** Of several matches the first: users before groups, in the target's own order. */
  idOf(label: string): number | undefined {
    const whole = this.byLabel.get(label) ?? this.byLabel.get(label.trim());
    if (whole !== undefined) return whole;
    for (const email of emailsOf(label)) {
      const id = this.byEmail.get(fold(email));
      if (id !== undefined) return id;
    }
    return this.byName.get(fold(label));
  }
}

/** Users who left (status other than A) cannot be chosen. */
function isActive({ status }: UserDto): boolean {
  return status === undefined || status === null || status === 'A';
}

function labelsOf({ fname, lname, display_name: shown, email }: UserDto): string[] {
  const names = [[fname, lname].filter((part) => part).join(' '), shown ?? ''].filter((name) => name !== '');
  return names.flatMap((name) => (email ? [`${name} (${email})`, name] : [name])).filter((name) => name.includes('('));
}

function put(map: Map<string, number>, name: string, id: number): void {
  if (name !== '' && !map.has(name)) map.set(name, id);
}

function fold(name: string): string {
  return name.trim().toLowerCase();
}
