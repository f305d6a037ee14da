import { createHash } from 'node:crypto';
import { flatten, isIncident, writeJson } from '@soar-feed/core';
import type { FeedEvent } from '@soar-feed/core';

export interface MembersOptions {
  readonly orgName: string;
  /** The file of excluded fields, for incidents. */
  isExcluded(field: string): boolean;
}

/** IBM's flat object with `id` and `inc_id`, without excluded fields and without bytes. */
export function membersOf(
  event: FeedEvent,
  { orgName, isExcluded }: MembersOptions,
): Readonly<Record<string, unknown>> {
  const row = Object.entries(flatten(event, { orgName }));
  const isLeftOut = (name: string): boolean => isIncident(event.key) && name !== 'id' && isExcluded(name);
  return Object.fromEntries(row.filter(([name]) => !isLeftOut(name)));
}

/** Equal for equal members: then there is nothing new to send. The bytes of a file never change under one id. */
export function hashOf(members: Readonly<Record<string, unknown>>, sourcetype: string): string {
  return createHash('sha256').update(sourcetype).update('\n').update(writeJson(members)).digest('base64');
}
