import { incidentKey, isIncident } from '@soar-feed/core';
import type { DeliveryResult, Logger } from '@soar-feed/core';
import type { ResilientFeedSettings } from '../config.js';
import { isDeletedNote } from '../fields/threads.js';
import type { WriteDecision } from '../decide/Decision.js';
import { mappingOf } from '../mapping/lookUp.js';
import type { Known } from '../mapping/lookUp.js';
import type { TargetOrg } from '../TargetOrg.js';
import type { Translations } from '../translate/Translations.js';
import { missingOf } from '../write/find/missing.js';
import { MissingCounterparts } from '../write/find/MissingCounterparts.js';
import { standingNow } from '../write/find/standingNow.js';
import { mustBeCompared } from '../mapping/mustBeCompared.js';
import { isFrame } from '../write/TargetObject.js';
import type { TargetObject } from '../write/TargetObject.js';
import type { WriteJob } from '../write/WriteJob.js';
import { delivered } from './delivered.js';
import { IncidentWriting } from './IncidentWriting.js';
import type { NotClosed } from './NotClosed.js';
import { jobOf, withoutCounterpart } from './Work.js';
import type { Work } from './Work.js';

interface WriteOptions {
  /** The old object was deleted just now: it is made anew, and its thread is loaded again. */
  readonly refilled?: boolean;
}

/** Objects that are made or changed in the target: translate → write → link. */
export class Writing {
  private readonly incidents: IncidentWriting;
  private readonly missing: MissingCounterparts;

  constructor(
    private readonly org: TargetOrg,
    private readonly translations: Translations,
    onTargetMissing: ResilientFeedSettings['onTargetMissing'],
    notClosed: NotClosed,
    log: Logger,
  ) {
    this.incidents = new IncidentWriting(org, translations, notClosed);
    this.missing = new MissingCounterparts(org, onTargetMissing, log);
  }

  async write(decision: WriteDecision, work: Work, options: WriteOptions = {}): Promise<DeliveryResult> {
    const { event, known } = work;
    // A reply names its note as parent, but its note's task must be there, too.
    if (decision.do !== 'update' && known.taskKey !== undefined && known.place?.taskId === undefined)
      return { status: 'waiting', on: known.taskKey };
    const { fields, losses, unsupported } = await this.translations.complete(event, work.context);
    if (unsupported !== undefined) {
      // Artifacts may hang below this one, and must not wait for it.
      if (event.key.type === 'artifact' && known.mapping === undefined) await this.org.rows.mark(event.key, 'filtered');
      return { status: 'skipped', reason: unsupported };
    }
    const job = jobOf(work, fields);
    try {
      if (isIncident(event.key)) return await this.incidents.write(decision, job, losses, known);
      const result = await this.writeChild(decision, job, known, options);
      const { incident } = known;
      const due = result.status === 'delivered' && incident !== undefined && this.org.rows.takeResync(incident);
      return due ? { ...result, resync: true } : result;
    } catch (error) {
      return this.makeAgain(error, work, job);
    }
  }

  /** For a write that takes the translation as it is, without a look for what is new in the target's schema. */
  jobOf(work: Work): WriteJob {
    return jobOf(work, this.translations.of(work.event).fields);
  }

  /**
   * A living note whose counterpart somebody deleted in the target, where it stays as a frame for its replies: looked at
   * only when it is to be compared. `again`: its thread is to be made again.
   */
  async deletedThere(work: Work): Promise<DeliveryResult | 'again' | undefined> {
    const { event, known } = work;
    const { mapping } = known;
    if (event.key.type !== 'note' || mapping?.target === undefined || !mustBeCompared(event, mapping)) return undefined;
    const found = await standingNow(this.jobOf(work), mapping.target, this.org.writers);
    if (found === undefined || !isFrame(found)) return undefined;
    return this.missing.judge(event.key, undefined, event);
  }

  /** Throws the error unless it says that the counterpart was deleted in the target. */
  private async makeAgain(error: unknown, work: Work, job: WriteJob): Promise<DeliveryResult> {
    const { event, known } = work;
    const missing = await missingOf(error, job, known, this.org);
    if (missing === undefined) throw error;
    const noticed = await this.missing.notice(missing, error, job, known);
    if (noticed !== 'again') return noticed;
    // The objects of an incident went with it.
    const whole = isIncident(event.key) && event.followedByObjects !== true;
    const create: WriteDecision = whole ? { do: 'create', resync: true } : { do: 'create' };
    return this.write(create, withoutCounterpart(work));
  }

  private async writeChild(
    decision: WriteDecision,
    job: WriteJob,
    known: Known,
    { refilled = false }: WriteOptions,
  ): Promise<DeliveryResult> {
    const { bundles, createOnce, deletedThreads, refinding, rows, updates } = this.org;
    const { event } = job;
    const onIncident = { status: 'waiting', on: incidentKey(event.key) } as const;
    if (decision.do === 'update') {
      const mapping = mappingOf(known);
      const written = await updates.update(job, mapping, deletedThreads.flagsOfLiving(mapping));
      const isMade = bundles.takeMade(event.key);
      if (written !== undefined) return delivered(isMade ? { ...written, change: 'created' } : written);
    }
    if (!refilled && this.mayBeLost(job, known)) {
      // An old mapping may know no more than that its create began; the object may have been edited since.
      const twin = await createOnce.twin(job);
      // What an unanswered create made of a deleted note is found below, in a way of its own.
      const isFrame = twin !== undefined && isDeletedNote(event);
      const found = isFrame ? undefined : (twin ?? (await refinding.child(job, known.incident)));
      if (found === 'later') return onIncident;
      if (found !== undefined) return this.takeBack(found, job);
    }
    // Its old row led nowhere, so what hangs below it must come again, too.
    const isThreadGone = decision.do === 'update' && (await this.missing.forgetThread(job, known));
    if (event.key.type === 'task') {
      const whole = decision.do === 'update' || (decision.do === 'adopt-or-create' && decision.resync === true);
      if (whole) await rows.forgetBelow(onIncident.on, [event.key], { ...known.incident?.flags, resyncDue: true });
      const written = await createOnce.adoptOrCreate(job);
      return written === undefined ? onIncident : delivered(written, whole);
    }
    const written = isDeletedNote(event) ? await deletedThreads.create(job) : await createOnce.create(job);
    if (written === undefined) return { status: 'skipped', reason: 'deleted note without replies' };
    return delivered(written, refilled || isThreadGone);
  }

  /** Its row was lost. */
  private async takeBack(found: TargetObject, job: WriteJob): Promise<DeliveryResult> {
    const { deletedThreads, refinding, updates } = this.org;
    const isDeleted = isDeletedNote(job.event);
    const written = await (isDeleted ? deletedThreads.takeBack(job, found) : updates.adopt(job, found));
    return delivered(written, isDeleted && (await refinding.lacksReplies(job.event)));
  }

  private mayBeLost(job: WriteJob, { mapping, incident }: Known): boolean {
    return mapping === undefined && this.org.refinding.mayBeLost(job, incident);
  }
}
