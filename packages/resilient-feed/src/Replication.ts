import { PermanentError, incidentKey, isIncident, keyText } from '@soar-feed/core';
import type { DeliverContext, DeliveryResult, FeedEvent, Logger, ObjectKey } from '@soar-feed/core';
import { SoarApiError } from '@soar-feed/soar-client';
import type { ResilientFeedSettings } from './config.js';
import { decide, repliesOf } from './decide/decide.js';
import type { Decision } from './decide/Decision.js';
import { matchIncident } from './filter/matchIncident.js';
import { isReplica } from './isReplica.js';
import type { Mapping } from './mapping/Mapping.js';
import type { TargetOrg } from './TargetOrg.js';
import { isEmpty } from './translate/isEmpty.js';
import { describeLoss } from './translate/LossReport.js';
import type { LossReport } from './translate/LossReport.js';
import { translate } from './translate/translate.js';
import type { Translation } from './translate/TranslatedField.js';
import { closesLast, opened, withoutClosing } from './write/closing.js';
import { lookUp } from './write/lookUp.js';
import type { Known } from './write/lookUp.js';
import type { Written } from './write/OrgWriter.js';
import { verify } from './write/verify.js';
import type { WriteJob } from './write/WriteJob.js';

type WriteDecision = Decision & { readonly do: 'create' | 'adopt-or-create' | 'update' };

/** The way of one event: filter → decide → translate → write → link. */
export class Replication {
  constructor(
    private readonly org: TargetOrg,
    private readonly sourceHost: string,
    private readonly settings: ResilientFeedSettings,
    private readonly losses: LossReport,
    private readonly log: Logger,
  ) {}

  async deliver(event: FeedEvent, context: DeliverContext): Promise<DeliveryResult> {
    const known = await this.lookUp(event, context);
    const { client } = this.org;
    const decision = decide({
      event,
      ...known,
      matches: !isIncident(event.key) || event.operation === 'delete' || matchIncident(this.settings.criteria, event),
      replica: isIncident(event.key) && isReplica(event, { host: client.host, orgId: client.org.id }),
      deleteIncidents: this.settings.deleteIncidents,
    });
    switch (decision.do) {
      case 'skip':
        await this.markSkipped(decision, event, known);
        return { status: 'skipped', reason: decision.reason };
      case 'wait':
        return { status: 'waiting', on: decision.on };
      case 'nothing':
        return { status: 'delivered', change: 'unchanged' };
      case 'bypass':
        await this.org.mapping.mark(event.key, 'bypassed');
        return { status: 'skipped', reason: 'bypassed: delete_incidents is off' };
      case 'delete':
        return this.remove(event, known, context);
      case 'blank':
        await this.org.removal.blank(mappingOf(known), repliesOf(event), context.signal);
        return { status: 'delivered', change: 'updated' };
      case 'create':
      case 'adopt-or-create':
      case 'update':
        return this.write(decision, event, known, context);
    }
  }

  /** A delete may follow a create that was never answered: its object is looked for first. */
  private async lookUp(event: FeedEvent, context: DeliverContext): Promise<Known> {
    const { mapping, writer } = this.org;
    const known = await lookUp(event, mapping);
    if (event.operation !== 'delete' || mapping.intent(event.key) === undefined) return known;
    const twin = await writer.twinOfOpenCreate(jobOf(event, [], known, context));
    if (twin === undefined) return known;
    await mapping.link(event.key, { target: twin.target, digests: {} });
    return lookUp(event, mapping);
  }

  private async markSkipped(decision: Decision & { do: 'skip' }, event: FeedEvent, { mapping }: Known): Promise<void> {
    const store = this.org.mapping;
    switch (decision.mark) {
      case 'filtered':
        return store.mark(event.key, 'filtered');
      case 'replica':
        return store.mark(event.key, 'filtered', { replica: true });
      case 'frozen':
        return store.flag(event.key, { ...mapping?.flags, frozen: true });
      case 'delete-due':
        return store.flag(event.key, { ...mapping?.flags, deleteDue: true });
      case undefined:
        return undefined;
    }
  }

  private async write(
    decision: WriteDecision,
    event: FeedEvent,
    known: Known,
    context: DeliverContext,
  ): Promise<DeliveryResult> {
    // A reply hangs below its note's task, too.
    if (decision.do !== 'update' && known.taskKey !== undefined && known.place?.taskId === undefined) {
      return { status: 'waiting', on: known.taskKey };
    }
    const translation = await this.translated(event, context);
    if (translation.unsupported !== undefined) {
      // Artifacts may have others below them, which must not wait for it.
      if (event.key.type === 'artifact' && known.mapping === undefined)
        await this.org.mapping.mark(event.key, 'filtered');
      return { status: 'skipped', reason: translation.unsupported };
    }
    const job = jobOf(event, translation.fields, known, context);
    try {
      return isIncident(event.key)
        ? await this.writeIncident(decision, job, translation, known)
        : await this.writeChild(decision, job, known);
    } catch (error) {
      const missing = await this.missing(error, job, known);
      if (missing === undefined) throw error;
      return this.onMissing(missing, error, event, known, context);
    }
  }

  private async writeIncident(
    decision: WriteDecision,
    job: WriteJob,
    translation: Translation,
    known: Known,
  ): Promise<DeliveryResult> {
    if (decision.do === 'update') {
      const resync = decision.resync === true;
      const written = await this.updateIncident(job, mappingOf(known), resync, decision.thaw === true);
      if (written !== undefined) return delivered(written, resync);
    }
    // Old rows that led nowhere: its objects must come again, too.
    const lost = decision.do === 'update' && job.event.followedByObjects !== true;
    const resync = lost || (decision.do === 'create' && decision.resync === true);
    return delivered(await this.createIncident(job, translation, resync), resync);
  }

  private async updateIncident(
    job: WriteJob,
    mapping: Mapping,
    resync: boolean,
    thaw: boolean,
  ): Promise<Written | undefined> {
    await this.org.defaultNotes.finish(job);
    if (thaw) await this.org.removal.removeDue(job.event.key, job.signal);
    const { frozen, resyncDue, ...rest } = mapping.flags;
    const flags = resync ? { ...rest, resyncDue: true as const } : rest;
    const same = frozen !== true && (resyncDue === true) === resync;
    return this.org.writer.update(this.closingHeld(job, resync), mapping, same ? mapping.flags : flags);
  }

  /** Open, whatever the source says, then the note about its origin; closed at last, when no objects are to come. */
  private async createIncident(job: WriteJob, { losses }: Translation, resync: boolean): Promise<Written> {
    const { writer, defaultNotes, mapping } = this.org;
    const closes = closesLast(job.fields);
    const written = await writer.create(closes ? { ...job, fields: opened(job.fields) } : job, ({ objectId }) => ({
      ...(resync ? { flags: { resyncDue: true } } : {}),
      next: defaultNotes.intentOf(job.event.key, objectId, losses),
    }));
    await defaultNotes.finish(job);
    const row = closes && this.closingHeld(job, resync) === job ? await mapping.find(job.event.key) : undefined;
    if (row !== undefined) await writer.update(job, row);
    return written;
  }

  /** While an incident's objects are still to come, it stays open. */
  private closingHeld(job: WriteJob, resync: boolean): WriteJob {
    const objectsFollow = job.event.followedByObjects === true || resync;
    return objectsFollow && closesLast(job.fields) ? { ...job, fields: withoutClosing(job.fields) } : job;
  }

  private async writeChild(decision: WriteDecision, job: WriteJob, known: Known): Promise<DeliveryResult> {
    const { writer } = this.org;
    if (decision.do === 'update') {
      const written = await writer.update(job, mappingOf(known));
      if (written !== undefined) return delivered(written);
    }
    if (job.event.key.type === 'task') {
      const written = await writer.adoptOrCreate(job);
      return written === undefined ? { status: 'waiting', on: incidentKey(job.event.key) } : delivered(written);
    }
    const replies = job.event.payload['is_deleted'] === true ? repliesOf(job.event) : [];
    const framed = replies.length > 0 ? withPlaceholder(job) : job;
    const written = await writer.create(framed, () => (replies.length > 0 ? { flags: { blankAfter: replies } } : {}));
    await this.blankFrame(job, known.parent);
    return delivered(written);
  }

  /** A reply that came may be the last one that its deleted parent waited for. */
  private async blankFrame({ signal }: WriteJob, parent: Mapping | undefined): Promise<void> {
    const replies = parent?.flags.blankAfter;
    if (parent !== undefined && replies !== undefined) await this.org.removal.blank(parent, replies, signal);
  }

  private async remove(event: FeedEvent, known: Known, context: DeliverContext): Promise<DeliveryResult> {
    const { mapping: store, removal, writers } = this.org;
    let mapping = mappingOf(known);
    if (!mapping.verified) {
      const job = jobOf(event, translate(event, this.org.catalog, this.translateOptions).fields, known, context);
      const found = await verify(job, mapping, store, writers);
      if (found === undefined) {
        await store.mark(event.key, 'deleted');
        return { status: 'delivered', change: 'unchanged' };
      }
      mapping = { ...mapping, target: found.target };
    }
    const outcome = await removal.remove(mapping, context.signal);
    if (outcome === 'removed') return { status: 'delivered', change: 'deleted' };
    return { status: 'skipped', reason: `the platform keeps this ${event.key.type}: it made it itself` };
  }

  private get translateOptions() {
    const { exclude, syncReferenceFields, keepAuthor } = this.settings;
    return { sourceHost: this.sourceHost, exclude, syncReferenceFields, keepAuthor };
  }

  /** Labels the target lacks are looked for once more in a fresh catalog before they count as lost. */
  private async translated(event: FeedEvent, { signal, log }: DeliverContext): Promise<Translation> {
    const { catalog } = this.org;
    let translation = translate(event, catalog, this.translateOptions);
    if (translation.losses.length > 0 && (await catalog.refresh(signal))) {
      translation = translate(event, catalog, this.translateOptions);
    }
    for (const loss of this.losses.add(translation.losses)) {
      log.warn(`Not carried over: ${describeLoss(loss)}.`, { event: 'target.loss', kind: loss.kind });
    }
    return translation;
  }

  /** Which object of the target a 404 speaks of, named by its key at the source; `undefined`: it is no such 404. */
  private async missing(error: unknown, job: WriteJob, known: Known): Promise<ObjectKey | undefined> {
    if (!SoarApiError.is(error) || error.status !== 404) return undefined;
    const { writers, client } = this.org;
    const { key, parent } = job.event;
    if (isIncident(key) || job.place === undefined) return known.mapping === undefined ? undefined : key;
    const { incidentId, taskId, parentId } = job.place;
    if ((await writers.incidents.get(incidentId, job.signal)) === undefined) return incidentKey(key);
    if (known.taskKey !== undefined && taskId !== undefined) {
      if (await isGone(client.tasks.get(taskId, { signal: job.signal }))) return known.taskKey;
    }
    if (known.mapping?.state === 'active') return key;
    return parentId === undefined ? undefined : parent;
  }

  private async onMissing(
    missing: ObjectKey,
    error: unknown,
    event: FeedEvent,
    known: Known,
    context: DeliverContext,
  ): Promise<DeliveryResult> {
    const what = `${missing.type} ${missing.objectId} of incident ${missing.incidentId}`;
    switch (this.settings.onTargetMissing) {
      case 'skip':
        return { status: 'skipped', reason: `deleted in the target: ${missing.type}` };
      case 'park':
        throw new PermanentError(`The counterpart of ${what} was deleted in the target (on_target_missing = park).`, {
          code: 'target-missing',
          cause: error,
        });
      case 'recreate':
        this.log.warn(`The counterpart of ${what} was deleted in the target; it is made again.`, {
          event: 'target.missing',
        });
        await this.org.mapping.forget(missing);
    }
    // Core brings the parent again for those who wait for it.
    if (keyText(missing) !== keyText(event.key)) return { status: 'waiting', on: missing };
    // With an incident or a task went what hung below it.
    const whole = isIncident(event.key) && event.followedByObjects !== true;
    const create: WriteDecision = whole ? { do: 'create', resync: true } : { do: 'create' };
    const result = await this.write(create, event, { ...known, mapping: undefined }, context);
    return event.key.type === 'task' && result.status === 'delivered' ? { ...result, resync: true } : result;
  }
}

function jobOf(event: FeedEvent, fields: WriteJob['fields'], { place }: Known, context: DeliverContext): WriteJob {
  const { signal, attempt, log } = context;
  return { event, fields, ...(place === undefined ? {} : { place }), signal, attempt, log };
}

/** A deleted note has no text any more, and a server need not take one without. */
function withPlaceholder(job: WriteJob): WriteJob {
  const value = { format: 'text', content: '(deleted)' } as const;
  return { ...job, fields: job.fields.map((field) => (isEmpty(field.value) ? { ...field, value } : field)) };
}

function mappingOf({ mapping }: Known): Mapping {
  if (mapping === undefined) throw new TypeError('decided to change an object that is not mapped');
  return mapping;
}

async function isGone(read: Promise<unknown>): Promise<boolean> {
  try {
    await read;
    return false;
  } catch (error) {
    if (SoarApiError.is(error) && error.status === 404) return true;
    throw error;
  }
}

function delivered({ change, target }: Written, resync = false): DeliveryResult {
  return { status: 'delivered', change, ref: String(target.objectId), ...(resync ? { resync: true } : {}) };
}
