import { FeedError, isIncident, ownValue, PermanentError, RetryableError } from '@soar-feed/core';
import { SoarApiError } from '@soar-feed/soar-client';
import type { Intent } from '../../mapping/Intent.js';
import type { Digests } from '../../mapping/Digests.js';
import type { Mapping, TargetRef } from '../../mapping/Mapping.js';
import type { MappingFlags } from '../../mapping/MappingFlags.js';
import type { Link, MappingStore } from '../../mapping/MappingStore.js';
import { fieldDigests } from '../../translate/digest.js';
import { equalValues } from '../../translate/normalise.js';
import { fieldKey } from '../../fields/TranslatedField.js';
import type { TranslatedField } from '../../fields/TranslatedField.js';
import { isNotFound } from '../find/missing.js';
import type { ObjectWriters } from '../types/ObjectWriters.js';
import type { Clocks } from '../../Clocks.js';
import { findTwin } from './findTwin.js';
import type { Settling } from './Settling.js';
import type { TargetObject } from '../TargetObject.js';
import type { TargetTasks } from '../types/TargetTasks.js';
import { verify } from '../find/verify.js';
import type { WriteJob } from '../WriteJob.js';

export interface Written {
  readonly change: 'created' | 'updated' | 'unchanged';
  readonly target: TargetRef;
}

/** What a write leaves in the mapping besides the object itself. */
export type LinkExtras = Pick<Link, 'flags' | 'next' | 'replacesIbmRow'>;

/**
 * Writes objects and links them: an intent before each create, the link in the same commit as the intent's end, no
 * request for what did not change, a look before an object of an unanswered create is made again.
 */
export class OrgWriter {
  constructor(
    private readonly mapping: MappingStore,
    private readonly writers: ObjectWriters,
    private readonly tasks: TargetTasks,
    private readonly settling: Settling,
    private readonly clocks: Clocks,
    /** Who we are in the target. */
    private readonly principalId: number,
  ) {}

  /** `extras` is asked once the target's id is known. */
  async create(job: WriteJob, extras: (target: TargetRef) => LinkExtras = () => ({})): Promise<Written> {
    const writer = this.writers.of(job.event.key.type);
    const twin = await this.twinOfOpenCreate(job);
    if (twin !== undefined) {
      // It may have been made just now: the tasks that the platform makes with it may still come.
      if (isIncident(job.event.key)) this.tasks.typesChanged(twin.target.objectId, job.fields);
      return this.adopt(job, twin, extras);
    }
    writer.check?.(job);
    const { key } = job.event;
    const intent = this.intentOf(job);
    assertWanted(job);
    await job.aside(this.mapping.begin(intent));
    // By now another attempt may be under way, which has begun the same create: it is not this one's to end.
    assertWanted(job);
    this.settling.unanswered(intent);
    const made = await writer.create(job).catch(async (error: unknown) => {
      if (isOutcomeUnknown(error)) this.settling.unanswered(intent);
      else await this.mapping.forgetIntent(key, intent);
      throw error;
    });
    const left = job.fields.filter(
      (field) => writer.mayNotStick?.(field, job) && !equalValues(field, made.value(field), field.value),
    );
    const digests = fieldDigests(job.fields.filter((field) => !left.includes(field)));
    job.commits.add(this.mapping.link(key, { ...linkOf(made, digests), ...extras(made.target) }));
    if (left.length > 0) await this.send(job, left, { ...made, digests, flags: extras(made.target).flags ?? {} });
    return { change: 'created', target: made.target };
  }

  /** A task that the platform may have made already; `undefined`: it may be about to, with the incident's next change. */
  async adoptOrCreate(job: WriteJob): Promise<Written | undefined> {
    if (this.mapping.intent(job.event.key) !== undefined) return this.create(job);
    const found = await this.tasks.adoptable(job);
    if (found !== undefined) return this.adopt(job, found);
    return this.tasks.waitsForIncident(job) ? undefined : this.create(job);
  }

  /**
   * Sends what differs from what was sent last. A row of IBM's feed is looked at first: `undefined`, when its object is
   * not there; it is to be made then.
   */
  async update(job: WriteJob, mapping: Mapping, flags: MappingFlags = mapping.flags): Promise<Written | undefined> {
    if (!mapping.verified) {
      const found = await verify(job, mapping, this.mapping, this.writers);
      return found === undefined ? undefined : this.adopt(job, found, () => ({ flags, replacesIbmRow: true }));
    }
    if (mapping.target === undefined) return undefined;
    const digests = fieldDigests(job.fields);
    const changed = job.fields.filter(
      (field) => !field.createOnly && ownValue(mapping.digests, fieldKey(field)) !== digests[fieldKey(field)],
    );
    if (changed.length === 0) {
      if (flags !== mapping.flags) await this.mapping.flag(job.event.key, flags);
      return { change: 'unchanged', target: mapping.target };
    }
    await this.send(job, changed, { target: mapping.target, ...versionOf(mapping), digests: mapping.digests, flags });
    return { change: 'updated', target: mapping.target };
  }

  /** Throws `RetryableError` while a create without an answer may still take effect. */
  async twinOfOpenCreate(job: WriteJob): Promise<TargetObject | undefined> {
    const intent = this.mapping.intent(job.event.key);
    if (intent === undefined) return undefined;
    const twin = await this.lookForTwin(intent, job.signal);
    if (twin === 'nowhere') {
      await this.mapping.forgetIntent(job.event.key);
      return undefined;
    }
    if (twin !== undefined) {
      job.log.info('An object whose creation was not answered was found in the target.', { ref: twin.target.objectId });
      return twin;
    }
    this.settling.assertOver(intent);
    await this.mapping.forgetIntent(job.event.key);
    return undefined;
  }

  /** An object that stands in the target already becomes ours: only what differs is sent. */
  async adopt(
    job: WriteJob,
    found: TargetObject,
    extras: (target: TargetRef) => LinkExtras = () => ({}),
  ): Promise<Written> {
    const different = job.fields.filter(
      (field) => !field.createOnly && !equalValues(field, found.value(field), field.value),
    );
    const digests = fieldDigests(job.fields.filter((field) => !different.includes(field)));
    const more = extras(found.target);
    job.commits.add(this.mapping.link(job.event.key, { ...linkOf(found, digests), ...more }));
    if (different.length === 0) return { change: 'unchanged', target: found.target };
    await this.send(job, different, { ...found, digests, flags: more.flags ?? {} });
    return { change: 'updated', target: found.target };
  }

  private async send(
    job: WriteJob,
    changed: readonly TranslatedField[],
    known: {
      readonly target: TargetRef;
      readonly version?: number;
      readonly digests: Digests;
      readonly flags: MappingFlags;
    },
  ): Promise<void> {
    const { key } = job.event;
    await this.endCreate(job, changed);
    const { version = known.version, refused } = await this.writers.of(key.type).update(job, changed, known);
    const taken = changed.filter((field) => refused?.fields.includes(field) !== true);
    const sent = this.mapping.link(key, {
      target: known.target,
      digests: { ...known.digests, ...fieldDigests(taken) },
      ...(version === undefined ? {} : { version }),
      flags: known.flags,
    });
    job.commits.add(sent);
    if (refused !== undefined) {
      const why = refused.error instanceof Error ? refused.error.message : String(refused.error);
      throw new PermanentError(
        `The target refuses to close incident ${key.incidentId} (its other changes were made): ${why}`,
        { code: 'close-refused', cause: refused.error },
      );
    }
  }

  /** Its twin is found by what was sent at its create: that stays until the create has ended on disk, too. */
  private async endCreate(job: WriteJob, changed: readonly TranslatedField[]): Promise<void> {
    const { key } = job.event;
    const ending = this.mapping.ending(key);
    if (ending === undefined) return;
    const found = new Set(this.writers.of(key.type).naturalKey(job).map(fieldKey));
    if (changed.some((field) => found.has(fieldKey(field)))) await job.aside(ending);
  }

  /** `nowhere`: where it was to be made is gone. */
  private async lookForTwin(intent: Intent, signal: AbortSignal): Promise<TargetObject | 'nowhere' | undefined> {
    const { source, targetIncidentId, targetTaskId } = intent;
    if (isIncident(source) || targetIncidentId === undefined) {
      const candidates = await this.writers.incidents.candidates(intent.naturalKey, signal);
      const taken = new Set<number>();
      for (const { target } of candidates) {
        if ((await this.mapping.mappedTargets(target.objectId, 'incident')).has(target.objectId))
          taken.add(target.objectId);
      }
      // Nothing is waited for between the look and the claim.
      for (;;) {
        const twin = findTwin(intent, candidates, taken, this.clocks.targetSlackMs);
        if (twin === undefined || this.mapping.claim(twin.target.objectId, source)) return twin;
        taken.add(twin.target.objectId);
      }
    }
    const place = { incidentId: targetIncidentId, ...(targetTaskId === undefined ? {} : { taskId: targetTaskId }) };
    try {
      const candidates = await this.writers.of(source.type).list(place, source.type, signal);
      const taken = await this.mapping.mappedTargets(targetIncidentId, source.type);
      return findTwin(intent, candidates, taken, this.clocks.targetSlackMs);
    } catch (error) {
      if (isNotFound(error)) return 'nowhere';
      throw error;
    }
  }

  private intentOf(job: WriteJob): Intent {
    const { place } = job;
    return {
      source: job.event.key,
      naturalKey: this.writers.of(job.event.key.type).naturalKey(job),
      sentAtMs: this.clocks.targetNow(),
      principalId: this.principalId,
      ...(place === undefined ? {} : { targetIncidentId: place.incidentId }),
      ...(place?.taskId === undefined ? {} : { targetTaskId: place.taskId }),
      ...(place?.parentId === undefined ? {} : { targetParentId: place.parentId }),
    };
  }
}

/** Throws `RetryableError`: nothing was sent. */
function assertWanted({ signal }: WriteJob): void {
  if (!signal.aborted) return;
  throw new RetryableError('Given up before the create was sent.', { code: 'aborted', cause: signal.reason });
}

/** Only what is known not to have taken effect may be sent again without a look. */
function isOutcomeUnknown(error: unknown): boolean {
  return SoarApiError.is(error) ? error.outcomeUnknown : !FeedError.is(error);
}

function linkOf(object: TargetObject, digests: Digests): Link {
  return { target: object.target, digests, ...versionOf(object) };
}

function versionOf({ version }: { readonly version?: number }): { readonly version?: number } {
  return version === undefined ? {} : { version };
}
