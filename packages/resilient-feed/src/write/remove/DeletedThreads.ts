import { incidentKey, keyText } from '@soar-feed/core';
import type { FeedEvent, ObjectKey } from '@soar-feed/core';
import { repliesOf, threadOf } from '../../fields/threads.js';
import { standing } from '../../mapping/Mapping.js';
import type { Mapping, Standing } from '../../mapping/Mapping.js';
import type { MappingFlags } from '../../mapping/MappingFlags.js';
import type { Creates } from '../../mapping/Creates.js';
import { isEmpty } from '../../fields/isEmpty.js';
import type { Place } from '../../mapping/Place.js';
import type { Rows } from '../../mapping/Rows.js';
import { unlessGone } from '../notFound.js';
import { isFrame } from '../TargetObject.js';
import type { TargetObject } from '../TargetObject.js';
import type { ObjectWriters } from '../types/ObjectWriters.js';
import type { CreateOnce } from '../create/CreateOnce.js';
import type { Written } from '../update/Updates.js';
import type { Removal } from './Removal.js';
import type { WriteJob } from '../WriteJob.js';

/**
 * Notes that were deleted above their replies: the platform keeps them as blank frames. A missing frame is made with a
 * placeholder, and deleted once the last of its replies is there or will never come.
 */
export class DeletedThreads {
  constructor(
    private readonly rows: Rows,
    private readonly creates: Creates,
    private readonly createOnce: CreateOnce,
    private readonly removal: Removal,
    private readonly writers: ObjectWriters,
  ) {}

  /** `undefined`: every reply is gone, so no frame is needed. */
  async create(job: WriteJob): Promise<Written | undefined> {
    const replies = await this.repliesToCome(job.event);
    if (replies.length === 0) return undefined;
    return this.createOnce.create(withPlaceholder(job), () => ({ flags: { blankAfter: replies } }));
  }

  /** Links the frame that the target kept when the note was deleted there. `undefined`: it kept none, or has it somewhere else. */
  async standing(job: WriteJob, { target, digests }: Mapping): Promise<Written | undefined> {
    if (target === undefined || job.place === undefined) return undefined;
    const notes = await this.writers.of('note').list(job.place, 'note', job.signal);
    const kept = notes.find((note) => note.target.objectId === target.objectId);
    // The note above it may have been made again since.
    if (kept === undefined || (kept.parentId ?? undefined) !== job.place.parentId) return undefined;
    job.commits.add(this.creates.link(job.event.key, { target, digests, flags: { blanked: true } }));
    return { change: 'unchanged', target };
  }

  /** Links what stands for a deleted note whose row was lost: a frame, or a note that is to be deleted after its replies. */
  async takeBack({ event, signal }: WriteJob, found: TargetObject): Promise<Written> {
    const { target } = found;
    const isBlank = isFrame(found);
    const flags: MappingFlags = isBlank ? { blanked: true } : { blankAfter: repliesOf(event) };
    await this.creates.link(event.key, { target, digests: {}, flags });
    if (!isBlank) await this.blankFrame(await this.rows.find(event.key), signal);
    return { change: isBlank ? 'unchanged' : 'updated', target };
  }

  /** Blanks a deleted note that waited for its replies, if none of them is missing any more. */
  async blankFrame(parent: Mapping | undefined, signal: AbortSignal): Promise<void> {
    const replies = parent?.flags.blankAfter;
    if (parent !== undefined && replies !== undefined) await this.removal.blank(parent, replies, signal);
  }

  /** Records a reply that was deleted before it was made. */
  async neverMade({ key, operation, parent }: FeedEvent): Promise<void> {
    if (operation === 'delete' && parent?.type === 'note') await this.rows.mark(key, 'deleted');
  }

  /**
   * Deletes what we made of the thread, leaves first, so that it can be loaded anew: the platform does not take a
   * deleted note back, and its replies may be deleted with it or be somewhere else. What people answered in the target
   * stays below its frame.
   */
  async clear(job: WriteJob, top: Mapping, incident: Mapping | undefined): Promise<void> {
    const { event, signal } = job;
    const { replies, isOurs } = await this.repliesBelow(event, top, job.place, signal);
    await this.doubt(event, replies, incident);
    for (const row of [...replies].reverse()) await this.removal.erase(row, signal);
    // A note that was deleted may have left a frame, which nothing else would remove.
    if (isOurs) await this.removal.erase(top, signal);
    await this.forget(event, replies, incident);
  }

  /**
   * Deletes a note whose id belongs to another one now, and what we made below it, leaves first. `true`: there were replies,
   * which are to be loaded anew, as are those of the new note.
   */
  async remove(event: FeedEvent, top: Mapping, incident: Mapping | undefined, signal: AbortSignal): Promise<boolean> {
    const { replies } = await this.repliesBelow(event, top, top.target, signal);
    await this.doubt(event, replies, incident);
    for (const row of [...replies].reverse()) await this.removal.erase(row, signal);
    await this.removal.erase(top, signal);
    if (replies.length > 0) await this.forget(event, replies, incident);
    else await this.rows.forget(event.key);
    return replies.length > 0;
  }

  /** If this process dies before they are forgotten, the next one loads them again, and looks whether they still stand. */
  private async doubt({ key }: FeedEvent, replies: readonly Standing[], incident: Mapping | undefined): Promise<void> {
    if (replies.length === 0) return;
    for (const { source, flags } of replies) await this.rows.flag(source, { ...flags, recheck: true });
    await this.rows.forgetBelow(incidentKey(key), [], { ...incident?.flags, resyncDue: true });
  }

  private async forget(event: FeedEvent, replies: readonly Standing[], incident: Mapping | undefined): Promise<void> {
    const { key } = event;
    // What a restored source has again was not deleted.
    const back = event.restored === true ? threadOf(event).map((objectId) => ({ ...key, objectId })) : [];
    const keys = [key, ...replies.map(({ source }) => source), ...back];
    await this.rows.forgetBelow(incidentKey(key), keys, { ...incident?.flags, resyncDue: true });
  }

  /** Our replies in the thread, as the source and the target show them. A note comes before its replies. */
  private async repliesBelow(
    event: FeedEvent,
    top: Mapping,
    place: Place | undefined,
    signal: AbortSignal,
  ): Promise<{ readonly replies: readonly Standing[]; readonly isOurs: boolean }> {
    const ours = standing(await this.rows.ofIncident(event.key), 'note');
    const byTarget = new Map(ours.map((row) => [row.target.objectId, row]));
    const bySource = new Map(ours.map((row) => [row.source.objectId, row]));
    // Its task may be gone in the target, with all its notes.
    const listed = place && (await unlessGone(this.writers.of('note').list(place, 'note', signal)));
    const below = new Set([top.target?.objectId]);
    const found = new Set<Standing>();
    let isOurs = true;
    for (const { target, parentId } of listed ?? []) {
      if (typeof parentId !== 'number' || !below.has(parentId)) continue;
      below.add(target.objectId);
      const row = byTarget.get(target.objectId);
      if (row === undefined) isOurs = false;
      else found.add(row);
    }
    for (const id of threadOf(event)) {
      const row = bySource.get(id);
      if (row !== undefined) found.add(row);
    }
    return { replies: [...found], isOurs };
  }

  /** The flags of a note that is not deleted any more: without those of a frame that waited for its replies. */
  flagsOfLiving({ flags }: Mapping): MappingFlags {
    if (flags.blankAfter === undefined) return flags;
    const { blankAfter: _, ...rest } = flags;
    return rest;
  }

  /** A reply that was deleted before it was made comes after all, as a frame, if it has living replies itself. */
  private async repliesToCome(event: FeedEvent): Promise<readonly number[]> {
    const keyOf = (objectId: number): ObjectKey => ({ ...event.key, objectId });
    const found = await this.rows.findAll(threadOf(event).map(keyOf));
    const isDeleted = (id: number): boolean => found.get(keyText(keyOf(id)))?.state === 'deleted';
    const replies = repliesOf(event, isDeleted);
    for (const id of replies.filter(isDeleted)) await this.rows.forget(keyOf(id));
    return replies;
  }
}

/** A deleted note has no text, and a server need not accept a note without text. */
function withPlaceholder(job: WriteJob): WriteJob {
  const value = { format: 'text', content: '(deleted)' } as const;
  return { ...job, fields: job.fields.map((field) => (isEmpty(field.value) ? { ...field, value } : field)) };
}
