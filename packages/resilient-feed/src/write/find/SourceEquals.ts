import { RetryableError, keyText } from '@soar-feed/core';
import type { FeedEvent, SoarObject, SourceOrg } from '@soar-feed/core';
import { readTextArea } from '../../fields/richText.js';
import type { Rows } from '../../mapping/Rows.js';
import { orNothing } from '../notFound.js';

/**
 * Objects that are equal at the source, below which others hang. Their counterparts are equal, too, and were made in the same order:
 * with the wrong one, what hangs below would be looked for in the wrong place, and made again.
 */
export class SourceEquals {
  constructor(
    private readonly source: Pick<SourceOrg, 'tasks' | 'notes'>,
    private readonly rows: Rows,
  ) {}

  /**
   * How many of the object's equals that have no counterpart were made before it; 0 where the source does not show them. Throws
   * `RetryableError`, uncharged, while the source is away.
   */
  async before({ key, payload }: FeedEvent): Promise<number> {
    const own = marksOf(key.type, payload);
    if (own === undefined) return 0;
    const siblings = await this.siblings(key.type, key.incidentId);
    const earlier = siblings
      .map(({ id, ...rest }) => ({ key: { ...key, objectId: Number(id) }, marks: marksOf(key.type, rest) }))
      .filter((other) => other.marks === own && other.key.objectId < key.objectId)
      .map((other) => other.key);
    const rows = await this.rows.findAll(earlier);
    return earlier.filter((other) => rows.get(keyText(other))?.target === undefined).length;
  }

  private async siblings(type: string, incidentId: number): Promise<readonly SoarObject[]> {
    const { source } = this;
    const reading = type === 'task' ? source.tasks?.(incidentId) : source.notes?.(incidentId);
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

/** What equal objects have in common, as text. `undefined`: nothing hangs below such an object, or it is not listed by incident. */
function marksOf(type: string, payload: SoarObject): string | undefined {
  if (type === 'task') return JSON.stringify([payload['name'], payload['phase_id']]);
  const isListed = type === 'note' && payload['task_id'] == null && payload['parent_id'] == null;
  return isListed ? readTextArea(payload['text'], undefined)?.text : undefined;
}
