import type { FeedEvent } from '@soar-feed/core';

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

interface Reply {
  readonly id: number;
  readonly is_deleted?: unknown;
  readonly children?: unknown;
}

function childrenOf({ children }: { readonly children?: unknown }): readonly Reply[] {
  return Array.isArray(children) ? (children as readonly Reply[]).filter((child) => typeof child?.id === 'number') : [];
}
