import { FeedError, keyText } from '@soar-feed/core';
import type { DeliveryResult, ObjectKey } from '@soar-feed/core';
import type { WriteDecision } from '../decide/Decision.js';
import type { Mapping } from '../mapping/Mapping.js';
import type { Gone, MappingFlags } from '../mapping/MappingFlags.js';
import type { TargetOrg } from '../TargetOrg.js';
import { asClosed } from '../translate/Translations.js';
import type { Translations } from '../translate/Translations.js';
import type { Loss } from '../fields/TranslatedField.js';
import { together } from '../write/create/Bundle.js';
import { CLOSE_REFUSED } from '../write/update/Updates.js';
import { closesLast, opened, withoutClosing, withoutClosingDigests } from './closing.js';
import { delivered } from './delivered.js';
import type { NotClosed } from './NotClosed.js';
import { mappingOf } from '../mapping/lookUp.js';
import type { Known } from '../mapping/lookUp.js';
import type { Written } from '../write/update/Updates.js';
import type { TargetObject } from '../write/TargetObject.js';
import type { WriteJob } from '../write/WriteJob.js';

/**
 * Writes incidents. A new one is found again or made, stays open until its objects are there, and gets the note about
 * its origin.
 */
export class IncidentWriting {
  constructor(
    private readonly org: TargetOrg,
    private readonly translations: Translations,
    private readonly notClosed: NotClosed,
  ) {}

  async write(decision: WriteDecision, job: WriteJob, losses: readonly Loss[], known: Known): Promise<DeliveryResult> {
    try {
      const result = await this.writeNow(decision, job, losses, known);
      const { followedByObjects, key } = job.event;
      if (followedByObjects === true) this.org.refinding.incidentLoaded(key.incidentId);
      else this.notClosed.closed(key);
      return result;
    } catch (error) {
      if (!FeedError.is(error) || error.code !== CLOSE_REFUSED) throw error;
      return this.closeLater(job, error);
    }
  }

  /**
   * A parked event comes back with the current state of its object, so an incident may be closed before the tasks that must be
   * closed first. It is loaded whole, which closes it last; only once until it is closed. Throws the error if that did not help.
   */
  private async closeLater({ event: { key }, log }: WriteJob, error: FeedError): Promise<DeliveryResult> {
    const target = (await this.org.rows.find(key))?.target;
    if (target === undefined || !this.notClosed.refused(key)) throw error;
    log.debug(`Incident ${key.incidentId} is closed once all that belongs to it is there: ${error.message}`);
    return delivered({ change: 'updated', target }, true);
  }

  private async writeNow(
    decision: WriteDecision,
    job: WriteJob,
    losses: readonly Loss[],
    known: Known,
  ): Promise<DeliveryResult> {
    if (decision.do === 'update') {
      const resync = decision.resync === true;
      const mapping = await this.withoutGone(mappingOf(known), resync);
      const written = await this.update(job, mapping, resync, decision.thaw === true);
      if (written !== undefined) return delivered(written, resync);
    }
    // Its counterpart is gone, with everything below it.
    const state = known.mapping?.state;
    if (decision.do === 'create' && (state === 'active' || state === 'deleted'))
      await this.org.rows.unmatch(job.event.key);
    // Its old row led nowhere, so its objects must come again, too.
    const lost = decision.do === 'update' && job.event.followedByObjects !== true;
    const resync = lost || (decision.do === 'create' && decision.resync === true);
    const found = await this.lost(job);
    if (found !== undefined) return this.adopt(job, found);
    // The rows of its objects lead nowhere, either.
    if (decision.do === 'update') await this.org.rows.unmatch(job.event.key);
    return delivered(await this.create(job, losses, resync), resync);
  }

  private async lost(job: WriteJob): Promise<TargetObject | undefined> {
    const { creates, createOnce, refinding } = this.org;
    const { key } = job.event;
    if (creates.intent(key) !== undefined) {
      // An old mapping may know no more than that its create began; the incident may have been edited since.
      if (refinding.hasBegun(key.incidentId) || (await createOnce.twin(job)) !== undefined) return undefined;
    }
    return refinding.incident(job);
  }

  /** Each of its objects is found again when it comes, so all of them must come. */
  private async adopt(job: WriteJob, found: TargetObject): Promise<DeliveryResult> {
    const resync = job.event.followedByObjects !== true;
    const flags: MappingFlags = { adopted: true, ...(resync ? { resyncDue: true } : {}) };
    job.log.info(`Incident ${job.event.key.incidentId} was found again in the target.`, {
      event: 'target.refound',
      ref: found.target.objectId,
    });
    return delivered(await this.org.updates.adopt(this.closingHeld(job, resync), found, () => ({ flags })), resync);
  }

  /**
   * Forgets what somebody deleted in the target, except what has another counterpart by now. What was forgotten is made again
   * when it comes.
   */
  private async withoutGone(mapping: Mapping, resync: boolean): Promise<Mapping> {
    const { gone, ...rest } = mapping.flags;
    if (gone === undefined) return mapping;
    const flags = resync ? { ...rest, resyncDue: true as const } : rest;
    const keyOf = ({ type, objectId }: Gone): ObjectKey => ({ ...mapping.source, type, objectId });
    const found = await this.org.rows.findAll(gone.map(keyOf));
    const still = gone.filter((one) => {
      const target = found.get(keyText(keyOf(one)))?.target;
      return one.targetId === undefined || target?.objectId === one.targetId;
    });
    await this.org.rows.forgetBelow(mapping.source, still.map(keyOf), flags);
    return { ...mapping, flags };
  }

  private async update(job: WriteJob, mapping: Mapping, resync: boolean, thaw: boolean): Promise<Written | undefined> {
    if (mapping.target !== undefined) await this.org.defaultNotes.finish(job, mapping.target);
    if (thaw) await this.org.removal.removeDue(job.event.key, job.signal);
    const { frozen, closeDue, resyncDue, ...rest } = mapping.flags;
    const flags = resync ? { ...rest, resyncDue: true as const } : rest;
    const same = frozen !== true && (resyncDue === true) === resync;
    const closed = closeDue ? this.translations.of(asClosed(job.event)).fields : [];
    const digests = withoutClosingDigests(mapping.digests, closed);
    return this.org.updates.update(
      this.closingHeld(job, resync),
      { ...mapping, digests },
      same ? mapping.flags : flags,
    );
  }

  /**
   * Makes the incident open, whatever its state, with the note about its origin and those of its objects that may travel with
   * it. Closes it at the end if no objects are to follow.
   */
  private async create(job: WriteJob, losses: readonly Loss[], resync: boolean): Promise<Written> {
    const { createOnce, updates, defaultNotes, bundles, unpacking, refinding, rows } = this.org;
    const { incidentId } = job.event.key;
    if (this.org.creates.intent(job.event.key) === undefined) refinding.incidentBegun(incidentId);
    const closes = closesLast(job.fields);
    const note = defaultNotes.begin(job, losses);
    const bundle = await bundles.begin(job, (event) => this.translations.of(event));
    const whole = { ...job, along: together([note, bundle]), ...(closes ? { fields: opened(job.fields) } : {}) };
    const written = await createOnce.create(whole, ({ objectId }) => {
      const next = defaultNotes.intentOf(job.event.key, objectId, losses, note);
      return { ...(resync ? { flags: { resyncDue: true } } : {}), ...(next === undefined ? {} : { next }) };
    });
    refinding.incidentMade(incidentId);
    await unpacking.unpack(bundle, job);
    if (defaultNotes.isDue(job.event.key)) {
      // The note could be made twice if its intent were not on disk.
      await job.aside(job.commits.done());
      await defaultNotes.finish(job, written.target);
    }
    const row = closes && this.closingHeld(job, resync) === job ? await rows.find(job.event.key) : undefined;
    if (row !== undefined) await updates.update(job, row);
    return written;
  }

  /** The incident stays open while its objects are still to come. */
  private closingHeld(job: WriteJob, resync: boolean): WriteJob {
    const objectsFollow = job.event.followedByObjects === true || resync;
    return objectsFollow && closesLast(job.fields) ? { ...job, fields: withoutClosing(job.fields) } : job;
  }
}
