import { keyText } from '@soar-feed/core';
import type { FeedEvent, SoarObject } from '@soar-feed/core';
import type { Clocks } from '../../Clocks.js';
import { targetIds } from '../../mapping/Mapping.js';
import type { Mapping } from '../../mapping/Mapping.js';
import type { Creates } from '../../mapping/Creates.js';
import type { Rows } from '../../mapping/Rows.js';
import { originOf } from '../../translate/defaultNote.js';
import { isEmailType, sourceType, targetType } from '../../fields/emailTypes.js';
import { htmlToText } from '../../fields/richText.js';
import { childrenOf, isDeletedNote } from '../../fields/threads.js';
import { emailIdOfFile } from '../../translate/email/emailFile.js';
import { emailIdOfNote } from '../../translate/email/emailNote.js';
import { BoundedCache } from '../../BoundedCache.js';
import type { Doubts } from './Doubts.js';
import { frameOf } from './frameOf.js';
import { mayFollow } from './mayFollow.js';
import type { SourceEquals } from './SourceEquals.js';
import type { LostIncidents, Loss } from './LostIncidents.js';
import type { ObjectWriters } from '../types/ObjectWriters.js';
import { findTwin } from '../findTwin.js';
import { hasKey, isFrame, textOf } from '../TargetObject.js';
import type { TargetObject } from '../TargetObject.js';
import { placeOf } from '../WriteJob.js';
import type { WriteJob } from '../WriteJob.js';

export interface RefindingServices {
  readonly rows: Rows;
  readonly creates: Creates;
  readonly writers: ObjectWriters;
  readonly lost: LostIncidents;
  readonly doubts: Doubts;
  readonly clocks: Clocks;
  readonly equals: SourceEquals;
  /** Our own account in the target. */
  readonly principalId: number;
}

/**
 * Finds objects again after the mapping was lost, or replaced by a backup, so that they are not made a second time:
 * incidents through `LostIncidents`, their objects by natural key among those without a row. Of equal ones the lowest
 * id comes first.
 */
export class Refinding {
  /** Of `steadyMs`. */
  private readonly openedAtMs: number;
  /** Source incidents that may be in the target, which did not answer when they were looked for. */
  private readonly unseen = new BoundedCache<number, true>(100_000);
  /** Source incidents whose creates began since the feed opened, after a look for them. */
  private readonly begun = new BoundedCache<number, true>(100_000);
  /** Source incidents whose counterpart was made since the feed opened: everything in it has a row. */
  private readonly made = new BoundedCache<number, true>(100_000);
  /** Source incidents that were loaded whole since the feed opened: what had no row has come, or is parked. */
  private readonly loaded = new BoundedCache<number, true>(100_000);
  /** Places in the target where everything of a type has a row. */
  private complete = new BoundedCache<string, true>(10_000);

  constructor(private readonly services: RefindingServices) {
    this.openedAtMs = services.clocks.steadyMs();
  }

  /** Its create begins now. */
  incidentBegun(incidentId: number): void {
    if (this.unseen.get(incidentId) !== true) this.begun.set(incidentId, true);
  }

  hasBegun(incidentId: number): boolean {
    return this.begun.get(incidentId) === true;
  }

  /** If an earlier process had begun that, the mapping may be older than what is in it. */
  incidentMade(incidentId: number): void {
    if (this.hasBegun(incidentId)) this.made.set(incidentId, true);
  }

  /** All its objects follow it now. */
  incidentLoaded(incidentId: number): void {
    this.loaded.set(incidentId, true);
  }

  /** Whether this incident, which has no row, may be in the target. */
  incidentMayStand(incidentId: number, signal: AbortSignal): Promise<boolean> {
    return this.services.lost.mayStand(incidentId, signal);
  }

  /** Finds an incident without a row. If several may be it: throws `PermanentError` `undecided`; with `leave`, finds none. */
  async incident(job: WriteJob, inDoubt: 'raise' | 'leave' = 'raise'): Promise<TargetObject | undefined> {
    const { rows, creates, lost, doubts, writers } = this.services;
    const { key } = job.event;
    // Rows of its objects may still be there.
    const places = placesOf(await rows.ofIncident(key));
    const loss = this.lossOf(job);
    const found = places.length === 0 ? await lost.of(job, loss) : oneOf(places);
    if (loss !== 'none' && lost.isFailing) this.unseen.set(key.incidentId, true);
    else this.unseen.delete(key.incidentId);
    if (found === undefined) return undefined;
    if ('doubtful' in found) {
      if (inDoubt === 'leave') return undefined;
      const why = `The mapping does not know incident ${key.incidentId}, and the target has some that may be it: ${found.doubtful.join(', ')}.`;
      doubts.raise(job.event, why);
      return undefined;
    }
    const taken = await rows.mappedTargets(found.id, 'incident');
    if (taken.has(found.id) || !creates.claim(found.id, key)) return undefined;
    // Its row was lost after we made it, so any row may be lost.
    if (this.made.get(key.incidentId) === true) {
      this.made.delete(key.incidentId);
      this.complete = new BoundedCache(10_000);
    }
    return writers.incidents.get(found.id, job.signal);
  }

  /**
   * Whether an object without a row may be in the target: its incident was found again, or the object is older than
   * this run and so may be missing in a backup of the mapping.
   */
  mayBeLost({ event }: WriteJob, incident: Mapping | undefined): boolean {
    if (incident?.state !== 'active') return false;
    if (incident.flags.adopted === true) return true;
    const bornMs = birthOf(event.payload);
    return !this.made.get(event.key.incidentId) && this.isOlderThanRun(bornMs);
  }

  /**
   * Whether replies of this deleted note are older than this run and have no row: no message of theirs is to come. Not once the
   * incident was loaded whole: what has no row even so is parked, and another load would park it again.
   */
  async lacksReplies({ key, origin, payload }: FeedEvent): Promise<boolean> {
    if (origin === 'reload' || this.loaded.get(key.incidentId) === true) return false;
    const older = childrenOf(payload).filter((reply) => this.isOlderThanRun(birthOf(reply)));
    const rows = await this.services.rows.findAll(older.map(({ id }) => ({ ...key, objectId: id })));
    return rows.size < older.length;
  }

  private lossOf({ event }: WriteJob): Loss {
    if (this.made.get(event.key.incidentId) === true) return 'since';
    return this.isOlderThanRun(birthOf(event.payload)) ? 'before' : 'none';
  }

  private isOlderThanRun(bornMs: number | undefined): boolean {
    const { clocks } = this.services;
    if (bornMs === undefined || clocks.sourceWasBefore(bornMs, this.openedAtMs)) return true;
    return clocks.isAheadOfSource(bornMs);
  }

  /** `later`: its siblings may still show which of the target's objects are not this one. Throws as `incident` does. */
  async child(job: WriteJob, incident: Mapping | undefined): Promise<TargetObject | 'later' | undefined> {
    const { doubts, principalId } = this.services;
    const place = placeOf(job);
    const { type, objectId, incidentId } = job.event.key;
    const name = JSON.stringify([place.incidentId, place.taskId, targetType(type)]);
    if (this.complete.get(name) === true) return undefined;
    const unmapped = await this.unmapped(job);
    if (unmapped.length === 0) this.complete.set(name, true);

    const adopted = incident?.flags.adopted === true;
    const ours = unmapped.filter((object) => this.mayBeOurs(job, object, adopted));
    const key = this.services.writers.of(type).naturalKey(job);
    const twin = isDeletedNote(job.event)
      ? frameOf(job.event, ours, unmapped)
      : await this.likeliest(
          job,
          ours.filter((sibling) => hasKey(sibling, key)),
        );
    if (twin !== undefined) return twin;
    // If the incident was never lost, only objects whose author shows that they are ours.
    const mayBeIt = ours
      .filter(({ createdBy }) => createdBy === principalId || (adopted && createdBy === undefined))
      .filter((object) => isOfSameOrigin(job, object))
      .filter((object) => mayBeMadeFor(job, object, adopted, this.services.clocks));
    if (mayBeIt.length === 0) return undefined;
    if (doubts.postpone(job.event)) return 'later';
    const ids = mayBeIt.map(({ target }) => target.objectId).join(', ');
    const why = `The mapping does not know ${sourceType(type)} ${objectId} of incident ${incidentId}, and one of these in the target may be it, edited since: ${ids}.`;
    doubts.raise(job.event, why);
    return undefined;
  }

  /** Of equal ones, its own counterpart: what hangs below the object is below that one. */
  private async likeliest({ event }: WriteJob, equals: readonly TargetObject[]): Promise<TargetObject | undefined> {
    if (equals.length < 2) return equals[0];
    const bornMs = birthOf(event.payload);
    const { clocks } = this.services;
    const isAfter = ({ createdAtMs }: TargetObject): boolean =>
      bornMs === undefined || createdAtMs === undefined || clocks.isAfter(createdAtMs, bornMs);
    const after = equals.filter(isAfter);
    const left = after.length === 0 ? equals : after;
    return left.length < 2 ? left[0] : left[Math.min(await this.services.equals.before(event), left.length - 1)];
  }

  /**
   * Finds a reply that is to be deleted although the note above it has no row and may be gone from the source for good: by its
   * text, if exactly one reply below such a note in the target has it.
   */
  async reply(job: WriteJob): Promise<TargetObject | undefined> {
    const taken = await this.services.rows.mappedTargets(placeOf(job).incidentId, 'note');
    const key = this.services.writers.of(job.event.key.type).naturalKey(job);
    const [only, ...others] = (await this.unmapped(job))
      .filter(({ parentId }) => typeof parentId === 'number' && !taken.has(parentId))
      .filter((note) => this.isByUs(note) && mayBeMadeFor(job, note, false, this.services.clocks) && hasKey(note, key));
    return others.length === 0 ? only : undefined;
  }

  private async unmapped(job: WriteJob): Promise<readonly TargetObject[]> {
    const { rows, writers } = this.services;
    const place = placeOf(job);
    const type = targetType(job.event.key.type);
    const siblings = await writers.siblings(place, type, job.signal);
    const taken = new Set(await rows.mappedTargets(place.incidentId, type));
    for (const id of this.madeForOthers(job, siblings, taken)) taken.add(id);
    if (type === 'note') for (const id of await this.framesOfOthers(job)) taken.add(id);
    return (
      siblings
        .filter(({ target }) => !taken.has(target.objectId))
        .filter((object) => type !== 'note' || originOf(textOf(object)) === undefined)
        // The blank frame of a deleted note is no living note's counterpart.
        .filter((object) => type !== 'note' || isDeletedNote(job.event) || !isFrame(object))
        .sort((a, b) => a.target.objectId - b.target.objectId)
    );
  }

  /** Frames of other deleted notes: the row of such a note says which frame is its own. */
  private async framesOfOthers({ event: { key } }: WriteJob): Promise<readonly number[]> {
    const rows = await this.services.rows.ofIncident(key);
    return [...rows.values()]
      .filter(({ source, state }) => source.type === 'note' && state === 'deleted' && keyText(source) !== keyText(key))
      .flatMap(targetIds);
  }

  /** What open creates of other objects may have made: it has no row only because their commit failed, or is still to come. */
  private madeForOthers(
    job: WriteJob,
    siblings: readonly TargetObject[],
    mapped: ReadonlySet<number>,
  ): ReadonlySet<number> {
    const { creates, clocks } = this.services;
    const { key } = job.event;
    const place = placeOf(job);
    const taken = new Set<number>();
    for (const intent of creates.openIn(place.incidentId, key)) {
      const isOther =
        targetType(intent.source.type) === targetType(key.type) && keyText(intent.source) !== keyText(key);
      if (!isOther || intent.targetTaskId !== place.taskId) continue;
      const made = findTwin(intent, siblings, new Set([...mapped, ...taken]), clocks.targetSince);
      if (made !== undefined) taken.add(made.target.objectId);
    }
    return taken;
  }

  /**
   * Whether it is in the same thread and ours. What others made counts only if the whole incident is found again, or if
   * nothing shows the author.
   */
  private mayBeOurs(job: WriteJob, object: TargetObject, adopted: boolean): boolean {
    if ((object.parentId ?? undefined) !== placeOf(job).parentId) return false;
    return (adopted && job.event.operation === 'upsert') || this.isByUs(object);
  }

  private isByUs({ createdBy }: TargetObject): boolean {
    return createdBy === undefined || createdBy === this.services.principalId;
  }
}

/** Nothing that is older than the object itself, and no task of the platform's own for one that people made. */
function mayBeMadeFor({ event }: WriteJob, object: TargetObject, adopted: boolean, clocks: Clocks): boolean {
  if (!mayFollow(object.createdAtMs, birthOf(event.payload), clocks)) return false;
  const automatic = event.key.type === 'task' && object.value(CUSTOM) === false;
  return !automatic || (adopted && event.payload['custom'] === false);
}

/** What stands for an e-mail message names it, so nothing else is its counterpart, edited or not. */
function isOfSameOrigin({ event: { key } }: WriteJob, object: TargetObject): boolean {
  const emailId = emailIdOf(object, targetType(key.type));
  return isEmailType(key.type) ? emailId === key.objectId : emailId === undefined;
}

function emailIdOf(object: TargetObject, type: string): number | undefined {
  if (type === 'note') return emailIdOfNote(htmlToText(textOf(object).slice(0, BEGINNING)));
  const name = type === 'attachment' ? object.value({ name: 'name', inputType: 'text', value: null }) : undefined;
  return typeof name === 'string' ? emailIdOfFile(name) : undefined;
}

/** Target incidents that hold objects of this incident. */
function placesOf(rows: ReadonlyMap<string, Mapping>): readonly number[] {
  const active = [...rows.values()].filter(({ state }) => state === 'active');
  return [...new Set(active.flatMap(({ target }) => (target === undefined ? [] : [target.incidentId])))];
}

function oneOf(places: readonly number[]): { readonly id: number } | { readonly doubtful: readonly number[] } {
  const [id, ...others] = places;
  return id !== undefined && others.length === 0 ? { id } : { doubtful: places };
}

/** When the source made the object (ms, its clock), if its type tells. */
function birthOf(payload: SoarObject): number | undefined {
  const dates = [payload['create_date'], payload['created'], payload['init_date']];
  return dates.find((date): date is number => typeof date === 'number');
}

/** Of a note: only its first line is looked at. */
const BEGINNING = 500;

const CUSTOM = { name: 'custom', inputType: 'boolean', value: false } as const;
