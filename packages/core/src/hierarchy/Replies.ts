import { RetryableError } from '../contract/errors.js';
import type { FeedEvent, SoarObject } from '../contract/FeedEvent.js';
import type { ObjectKey } from '../contract/ObjectKey.js';
import type { SourceOrg } from '../contract/SourceOrg.js';

/**
 * The replies of a deleted note, which its message shows as they were. If the platform deleted the whole thread, no message says
 * so; if it left a blank frame, they live on below that (both unconfirmed). Only the source knows.
 */
export class Replies {
  /** Without a source, they count as gone. */
  constructor(private readonly source?: Pick<SourceOrg, 'fetch'>) {}

  /** Those that are gone with their note; none of another object. Throws `RetryableError` if the source does not say. */
  async gone({ key, payload }: FeedEvent): Promise<readonly ObjectKey[]> {
    if (key.type !== 'note') return [];
    const taskId = payload['task_id'];
    const parent = typeof taskId === 'number' ? { ...key, type: 'task', objectId: taskId } : undefined;
    const gone: ObjectKey[] = [];
    for (const reply of repliesBelow(key, payload)) {
      if ((await this.read(reply, parent)) === undefined) gone.push(reply);
    }
    return gone;
  }

  private async read(reply: ObjectKey, parent: ObjectKey | undefined): Promise<SoarObject | undefined> {
    try {
      return await this.source?.fetch(reply, parent);
    } catch (error) {
      throw new RetryableError(
        `The source does not say whether note ${reply.objectId} of incident ${reply.incidentId} went with the note above it.`,
        { code: 'source-unread', cause: error },
      );
    }
  }
}

/** The replies that a note shows, at every level. */
export function repliesBelow(note: ObjectKey, payload: SoarObject): readonly ObjectKey[] {
  return note.type === 'note' ? idsBelow(payload).map((objectId) => ({ ...note, objectId })) : [];
}

function idsBelow({ children }: { readonly children?: unknown }): readonly number[] {
  if (!Array.isArray(children)) return [];
  const replies = children as readonly (Readonly<{ id?: unknown; children?: unknown }> | null)[];
  return replies.flatMap((reply) => (typeof reply?.id === 'number' ? [reply.id, ...idsBelow(reply)] : []));
}
