import { isDeepStrictEqual } from 'node:util';
import { incidentKey, isIncident, keyText } from '@soar-feed/core';
import type { DeliveryResult, FeedEvent, Logger, ObjectKey } from '@soar-feed/core';
import { sourceType } from '../../fields/emailTypes.js';
import { threadOf } from '../../fields/threads.js';
import { standing } from '../../mapping/Mapping.js';
import type { Mapping } from '../../mapping/Mapping.js';
import type { Gone } from '../../mapping/MappingFlags.js';
import type { Rows } from '../../mapping/Rows.js';
import type { Doubts } from './Doubts.js';
import type { Known } from '../../mapping/lookUp.js';
import type { ObjectWriters } from '../types/ObjectWriters.js';
import type { WriteJob } from '../WriteJob.js';

/**
 * Counterparts that somebody deleted in the target. An object with nothing below it is made again at once. With an
 * incident, a task or a thread of notes, more is gone than its own event brings. Then the incident's row records that
 * first, and core fetches the incident, which is loaded whole. If a crash comes in between, the record remains.
 */
export class MissingCounterparts {
  constructor(
    private readonly org: {
      readonly rows: Rows;
      readonly writers: ObjectWriters;
      readonly doubts: Doubts;
    },
    /** `on_target_missing` */
    private readonly policy: 'recreate' | 'park' | 'skip',
    private readonly log: Logger,
  ) {}

  /** `again`: the event's own object has no row any more and must be made. */
  async notice(missing: ObjectKey, error: unknown, job: WriteJob, known: Known): Promise<DeliveryResult | 'again'> {
    const { event } = job;
    const recorded = known.incident?.flags.gone ?? [];
    const waiting = { status: 'waiting', on: incidentKey(missing) } as const;
    const { rows } = this.org;
    const missed = goneOf(missing, await rows.find(missing));
    if (recorded.some((one) => isDeepStrictEqual(one, missed))) return waiting;
    const judged = await this.judge(missing, error, event);
    if (judged !== 'again') return judged;
    const own = keyText(missing) === keyText(event.key);
    if (own && isIncident(missing)) {
      await rows.unmatch(missing);
      return 'again';
    }
    const gone = await this.goneWith(missing, job);
    if (own && gone.length === 1 && missing.type !== 'task') {
      await rows.forget(missing);
      return 'again';
    }
    const found = await rows.findAll(gone);
    const more = gone.map((key) => goneOf(key, found.get(keyText(key))));
    await rows.flag(incidentKey(missing), { ...known.incident?.flags, gone: [...recorded, ...more] });
    return waiting;
  }

  /** What `on_target_missing` says; `again`: it is to be made again. */
  async judge(missing: ObjectKey, error: unknown, event: FeedEvent): Promise<DeliveryResult | 'again'> {
    const what = `${sourceType(missing.type)} ${missing.objectId} of incident ${missing.incidentId}`;
    if (this.policy === 'skip')
      return { status: 'skipped', reason: `deleted in the target: ${sourceType(missing.type)}` };
    if (this.policy === 'park') {
      const why = `The counterpart of ${what} was deleted in the target (on_target_missing = park).`;
      this.org.doubts.raise(event, why, { code: 'target-missing', cause: error });
    }
    this.log.warn(`The counterpart of ${what} was deleted in the target; it is made again.`, {
      event: 'target.missing',
    });
    return 'again';
  }

  /**
   * Forgets the rows of what the target deleted below a note. `true`: there was some, and it must be made again, too, which the
   * incident's row records.
   */
  async forgetThread(job: WriteJob, { incident }: Known): Promise<boolean> {
    const { event } = job;
    const below = new Set(threadOf(event));
    if (below.size === 0) return false;
    const gone = (await this.goneWith(event.key, job)).filter(({ objectId }) => below.has(objectId));
    if (gone.length === 0) return false;
    await this.org.rows.forgetBelow(incidentKey(event.key), gone, { ...incident?.flags, resyncDue: true });
    return true;
  }

  /** Rows do not name their thread, so all notes at that place are gone that the target does not list. */
  private async goneWith(missing: ObjectKey, { place, signal }: WriteJob): Promise<readonly ObjectKey[]> {
    const { rows, writers } = this.org;
    const own = await rows.find(missing);
    if (own?.target !== undefined) writers.gone(own.target, missing.type);
    if (missing.type !== 'note' || place === undefined) return [missing];
    const notes = await writers.of('note').list(place, 'note', signal);
    const ids = new Set(notes.map(({ target }) => target.objectId));
    const others = standing(await rows.ofIncident(missing), 'note')
      .filter(({ target }) => target.incidentId === place.incidentId && target.taskId === place.taskId)
      .filter(({ source, target }) => !ids.has(target.objectId) && source.objectId !== missing.objectId);
    return [missing, ...others.map(({ source }) => source)];
  }
}

function goneOf({ type, objectId }: ObjectKey, row: Mapping | undefined): Gone {
  return { type, objectId, ...(row?.target === undefined ? {} : { targetId: row.target.objectId }) };
}
