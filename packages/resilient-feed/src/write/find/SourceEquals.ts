import { RetryableError, keyText, taskIdOf } from '@soar-feed/core';
import type { FeedEvent, SoarObject, SourceOrg } from '@soar-feed/core';
import { readTextArea } from '../../fields/richText.js';
import { childrenOf } from '../../fields/threads.js';
import type { Rows } from '../../mapping/Rows.js';
import { orNothing } from '../notFound.js';

/**
 * Tells apart tasks, or notes, that are equal at the source. Their counterparts are equal, too, and were made in the same order. With the
 * wrong one, what hangs below the object would be looked for in the wrong place, and made again.
 */
export class SourceEquals {
  constructor(
    private readonly source: Pick<SourceOrg, 'tasks' | 'notes'>,
    private readonly rows: Rows,
  ) {}

  /**
   * How many of the object's equals that have no counterpart were made before it; 0 if the source does not show them. Throws
   * `RetryableError`, uncharged, while the source is away.
   */
  async before(event: FeedEvent): Promise<number> {
    const { key, payload } = event;
    const isEarlierEqual = (other: SoarObject): boolean =>
      Number(other['id']) < key.objectId && marksOf(key.type, other) === marksOf(key.type, payload);
    const earlier = (await this.siblings(event))
      .filter(isEarlierEqual)
      .map(({ id }) => ({ ...key, objectId: Number(id) }));
    const rows = await this.rows.findAll(earlier);
    return earlier.filter((other) => rows.get(keyText(other))?.target === undefined).length;
  }

  /** The tasks of its incident, or the notes of its incident or task, replies included. Nothing hangs below other objects. */
  private async siblings(event: FeedEvent): Promise<readonly SoarObject[]> {
    const { incidentId, type } = event.key;
    if (type === 'task') return this.read(this.source.tasks?.(incidentId));
    if (type !== 'note') return [];
    const taskId = taskIdOf(event);
    if (taskId === undefined) return withReplies(await this.read(this.source.notes?.(incidentId)));
    const task = (await this.read(this.source.tasks?.(incidentId))).find(({ id }) => id === taskId);
    return Array.isArray(task?.['notes']) ? withReplies(task['notes'] as readonly SoarObject[]) : [];
  }

  private async read(reading: Promise<readonly SoarObject[]> | undefined): Promise<readonly SoarObject[]> {
    if (reading === undefined) return [];
    const found = await orNothing(reading).catch((error: unknown) => {
      throw new RetryableError('The source does not show which of several equal objects was made first.', {
        code: 'equals-unsettled',
        uncharged: true,
        cause: error,
      });
    });
    return found ?? [];
  }
}

function withReplies(notes: readonly SoarObject[]): readonly SoarObject[] {
  return notes.flatMap((note) => [note, ...withReplies(childrenOf(note))]);
}

/** What equal objects have in common, as text. */
function marksOf(type: string, payload: SoarObject): string {
  const marks =
    type === 'task'
      ? [payload['name'], payload['phase_id']]
      : [payload['parent_id'] ?? null, readTextArea(payload['text'], undefined)?.text];
  return JSON.stringify(marks);
}
