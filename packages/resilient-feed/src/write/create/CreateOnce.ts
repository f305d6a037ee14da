import { FeedError, isIncident, RetryableError } from '@soar-feed/core';
import { SoarApiError } from '@soar-feed/soar-client';
import type { Clocks } from '../../Clocks.js';
import { fieldKey } from '../../fields/TranslatedField.js';
import type { Creates } from '../../mapping/Creates.js';
import type { Intent } from '../../mapping/Intent.js';
import type { TargetRef } from '../../mapping/Mapping.js';
import type { Place } from '../../mapping/Place.js';
import type { Rows } from '../../mapping/Rows.js';
import { equalValues } from '../../translate/normalise.js';
import { isNotFound, unlessGone } from '../notFound.js';
import type { TargetObject } from '../TargetObject.js';
import type { ObjectWriters } from '../types/ObjectWriters.js';
import type { TargetTasks } from '../types/TargetTasks.js';
import { digestsOf, linkOf } from '../update/Updates.js';
import type { LinkExtras, Updates, Written } from '../update/Updates.js';
import type { WriteJob } from '../WriteJob.js';
import { findTwin } from '../findTwin.js';
import type { Settling } from './Settling.js';

export interface CreateOnceServices {
  readonly rows: Rows;
  readonly creates: Creates;
  readonly writers: ObjectWriters;
  readonly updates: Updates;
  readonly tasks: TargetTasks;
  readonly settling: Settling;
  readonly clocks: Clocks;
  /** Our own account in the target. */
  readonly principalId: number;
}

/**
 * Makes each object of the source at most once in the target, whatever crashes or is not answered.
 *
 * States of one object's create, and what the mapping holds of it on disk:
 *
 *     none     nothing      no request was sent, or the one that was sent had no effect
 *     begun    an intent    no request was sent yet
 *     sent     an intent    a request was sent and its answer is not known: the object may exist
 *     linked   a row        the object exists; the row and the intent's end are one commit
 *
 * Moves:
 *
 *     none  → begun    `begin`      waits until the intent is on disk
 *     begun → sent     `send`
 *     sent  → linked   `answered`   the answer names the new object
 *     sent  → none     `send`       the error proves that nothing was made
 *     sent  → linked   `adopt`      `twin` found the object that the lost request had made
 *     sent  → none     `twin`       there is none, and it is too late for one to appear (`Settling`), or what it would
 *                                   hang under is gone, or what it made belongs to no object any more
 *
 * What travels inside an incident's create has intents of its own, begun with the incident's and without a place. They end
 * with it if it had no effect; else each is looked for in the incident's counterpart, before its object is made.
 *
 * A crash leaves the intent. The next process cannot tell `begun` from `sent`, so it looks for a twin first.
 */
export class CreateOnce {
  constructor(private readonly services: CreateOnceServices) {}

  /** `extras` is asked once the target's id is known. Throws `RetryableError` while a lost create may still take effect. */
  async create(job: WriteJob, extras: (target: TargetRef) => LinkExtras = () => ({})): Promise<Written> {
    const twin = await this.twin(job);
    if (twin !== undefined) return this.adopt(job, twin, extras);
    this.services.writers.of(job.event.key.type).check?.(job);
    const intent = await this.begin(job);
    const made = await this.send(job, intent);
    return this.answered(job, made, extras);
  }

  /**
   * Takes a task that the platform made itself, or makes the task. `undefined`: the platform may be about to make it, with
   * the next change of its incident.
   */
  async adoptOrCreate(job: WriteJob): Promise<Written | undefined> {
    const { creates, tasks, updates } = this.services;
    if (creates.intent(job.event.key) !== undefined) return this.create(job);
    const found = await tasks.adoptable(job);
    if (found !== undefined) return updates.adopt(job, found);
    return tasks.waitsForIncident(job) ? undefined : this.create(job);
  }

  /** What an unanswered create made. `undefined`: no create is open any more. Throws `RetryableError` as `create` does. */
  async twin(job: WriteJob): Promise<TargetObject | undefined> {
    const { creates, settling } = this.services;
    const intent = creates.intent(job.event.key);
    if (intent === undefined) return undefined;
    const twin = await this.lookForTwin(intent, job);
    if (twin === 'nowhere') {
      await creates.end(job.event.key);
      return undefined;
    }
    if (twin !== undefined && this.isOfAnother(intent, job)) {
      await this.remove(twin, job);
      await creates.end(job.event.key, intent);
      return undefined;
    }
    if (twin !== undefined) {
      job.log.info('An object whose creation was not answered was found in the target.', { ref: twin.target.objectId });
      return twin;
    }
    settling.assertOver(intent);
    await this.endAll([intent, ...(isIncident(intent.source) ? creates.along(intent.source) : [])]);
    return undefined;
  }

  /**
   * What the create made is not the counterpart of this object: the source was restored, and gave it the id of an object that it no
   * longer has. Then what cannot change is different. Or the note above it was made again meanwhile.
   */
  private isOfAnother(intent: Intent, job: WriteJob): boolean {
    // A delete does not say what its object was.
    if (job.fields.length === 0) return false;
    if (job.event.key.type === 'note' && job.place !== undefined && !isPlacedAt(intent, job.place)) return true;
    const { naturalKey } = intent;
    const own = this.services.writers.of(job.event.key.type).naturalKey(job);
    return naturalKey.some((sent) => {
      const now = sent.createOnly === true ? own.find((field) => fieldKey(field) === fieldKey(sent)) : undefined;
      return now !== undefined && !equalValues(sent, sent.value, now.value);
    });
  }

  private async remove({ target }: TargetObject, { event, signal }: WriteJob): Promise<void> {
    const { writers } = this.services;
    const { type } = event.key;
    await unlessGone(writers.of(type).remove(target, type, signal));
    writers.gone(target, type);
  }

  private async begin(job: WriteJob): Promise<Intent> {
    const intent = this.intentOf(job);
    assertWanted(job);
    const { creates } = this.services;
    // One commit for all of them.
    await job.aside(Promise.all(allOf(job, intent).map((one) => creates.begin(one))));
    // Another attempt may be running by now. It has begun the same create, so this one must not end it.
    assertWanted(job);
    return intent;
  }

  private async send(job: WriteJob, intent: Intent): Promise<TargetObject> {
    const { settling, writers } = this.services;
    const intents = allOf(job, intent);
    const sent = [...intents, ...(job.along?.unwritten ?? [])];
    const unanswered = (): void => sent.forEach((one) => settling.unanswered(one));
    unanswered();
    return writers
      .of(job.event.key.type)
      .create(job)
      .catch(async (error: unknown) => {
        if (isOutcomeUnknown(error)) unanswered();
        else await this.endAll(intents);
        throw error;
      });
  }

  /** Each only if it is still the current one of its object. */
  private async endAll(intents: readonly Intent[]): Promise<void> {
    await Promise.all(intents.map((intent) => this.services.creates.end(intent.source, intent)));
  }

  /** The create may have left some fields unset: these are sent now. */
  private async answered(
    job: WriteJob,
    made: TargetObject,
    extras: (target: TargetRef) => LinkExtras,
  ): Promise<Written> {
    const { creates, updates, writers } = this.services;
    const { key } = job.event;
    const writer = writers.of(key.type);
    const left = job.fields.filter(
      (field) => writer.mayNotStick?.(field, job) && !equalValues(field, made.value(field), field.value),
    );
    const digests = digestsOf(
      job,
      job.fields.filter((field) => !left.includes(field)),
    );
    job.commits.add(creates.link(key, { ...linkOf(made, digests), ...extras(made.target) }));
    if (left.length > 0) await updates.send(job, left, { ...made, digests, flags: extras(made.target).flags ?? {} });
    return { change: 'created', target: made.target };
  }

  private async adopt(job: WriteJob, twin: TargetObject, extras: (target: TargetRef) => LinkExtras): Promise<Written> {
    // The incident may be new: the tasks that the platform makes with it may still appear.
    if (isIncident(job.event.key)) this.services.tasks.typesChanged(twin.target.objectId, job.fields);
    return this.services.updates.adopt(job, twin, extras);
  }

  /** `nowhere`: what it would hang under is gone. */
  private async lookForTwin(intent: Intent, job: WriteJob): Promise<TargetObject | 'nowhere' | undefined> {
    const { writers } = this.services;
    const { source, targetTaskId } = intent;
    const { signal } = job;
    if (isIncident(source)) return this.lookForIncident(intent, signal);
    const incidentId = intent.targetIncidentId ?? job.place?.incidentId;
    if (incidentId === undefined) return 'nowhere';
    const place = { incidentId, ...(targetTaskId === undefined ? {} : { taskId: targetTaskId }) };
    try {
      // Its siblings were made with it and are looked for, too. That it is not among them is no proof: the list may be older.
      const isAlong = intent.targetIncidentId === undefined;
      const near = isAlong
        ? await this.among(intent, place, await writers.siblings(place, source.type, signal))
        : undefined;
      return near ?? (await this.among(intent, place, await writers.of(source.type).list(place, source.type, signal)));
    } catch (error) {
      if (isNotFound(error)) return 'nowhere';
      throw error;
    }
  }

  private async among(
    intent: Intent,
    { incidentId }: Place,
    candidates: readonly TargetObject[],
  ): Promise<TargetObject | undefined> {
    const { rows, clocks } = this.services;
    const taken = await rows.mappedTargets(incidentId, intent.source.type);
    return findTwin(intent, candidates, taken, clocks.targetSince);
  }

  private async lookForIncident(intent: Intent, signal: AbortSignal): Promise<TargetObject | undefined> {
    const { rows, creates, writers, clocks } = this.services;
    const candidates = await writers.incidents.candidates(intent.naturalKey, signal);
    const taken = new Set<number>();
    for (const { target } of candidates) {
      if ((await rows.mappedTargets(target.objectId, 'incident')).has(target.objectId)) taken.add(target.objectId);
    }
    // Synchronous from the choice to the claim: no other incident can come between them.
    for (;;) {
      const twin = findTwin(intent, candidates, taken, clocks.targetSince);
      if (twin === undefined || creates.claim(twin.target.objectId, intent.source)) return twin;
      taken.add(twin.target.objectId);
    }
  }

  private intentOf(job: WriteJob): Intent {
    const { writers, clocks, principalId } = this.services;
    const { place } = job;
    return {
      source: job.event.key,
      naturalKey: writers.of(job.event.key.type).naturalKey(job),
      sentAtMs: clocks.targetNow(),
      principalId,
      ...(place === undefined ? {} : { targetIncidentId: place.incidentId }),
      ...(place?.taskId === undefined ? {} : { targetTaskId: place.taskId }),
      ...(place?.parentId === undefined ? {} : { targetParentId: place.parentId }),
    };
  }
}

/** A note never moves. */
function isPlacedAt({ targetTaskId, targetParentId }: Intent, { taskId, parentId }: Place): boolean {
  return targetTaskId === taskId && targetParentId === parentId;
}

/** The create of the job's object, with those that travel inside it. */
function allOf({ along }: WriteJob, intent: Intent): readonly Intent[] {
  return [intent, ...(along?.intents ?? [])];
}

/** Throws `RetryableError`: nothing was sent. */
function assertWanted({ signal }: WriteJob): void {
  if (!signal.aborted) return;
  throw new RetryableError('Given up before the create was sent.', { code: 'aborted', cause: signal.reason });
}

/** Only a create that certainly had no effect may be sent again without a look. */
function isOutcomeUnknown(error: unknown): boolean {
  return SoarApiError.is(error) ? error.outcomeUnknown : !FeedError.is(error);
}
