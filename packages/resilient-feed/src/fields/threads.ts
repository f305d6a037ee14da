import type { FeedEvent, SoarObject } from '@soar-feed/core';

/**
 * Source ids of the direct replies, as far as the event tells. Replies whose whole thread is deleted are left out. `isDeleted`:
 * what is known of a reply, which may be newer than the event.
 */
export function repliesOf(event: FeedEvent, isDeleted: (id: number) => boolean = () => false): readonly number[] {
  const isKept = (reply: Reply): boolean =>
    (reply.is_deleted !== true && !isDeleted(reply.id)) || childrenOf(reply).some(isKept);
  return childrenOf(event.payload)
    .filter(isKept)
    .map(({ id }) => id);
}

/** Source ids of everything below a note, as far as the event tells. A note comes before its replies. */
export function threadOf({ key, payload }: FeedEvent): readonly number[] {
  const below = (note: { readonly children?: unknown }): number[] =>
    childrenOf(note).flatMap((reply) => [reply.id, ...below(reply)]);
  return key.type === 'note' ? below(payload) : [];
}

/** A note that the source deleted and keeps as a blank frame for its replies. */
export function isDeletedNote({ key, payload }: FeedEvent): boolean {
  return key.type === 'note' && payload['is_deleted'] === true;
}

interface Reply extends SoarObject {
  readonly id: number;
  readonly is_deleted?: unknown;
  readonly children?: unknown;
}

/** The direct replies of a note. */
export function childrenOf({ children }: { readonly children?: unknown }): readonly Reply[] {
  return Array.isArray(children) ? (children as readonly Reply[]).filter((child) => typeof child?.id === 'number') : [];
}
