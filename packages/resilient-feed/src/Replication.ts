import { incidentKey, isIncident } from '@soar-feed/core';
import type { DeliverContext, DeliveryResult, FeedEvent, Logger } from '@soar-feed/core';
import type { ResilientFeedSettings } from './config.js';
import { decide, isBrandNew, repliesOf } from './decide/decide.js';
import type { Decision, WriteDecision } from './decide/Decision.js';
import { unknownFields } from './filter/findField.js';
import { matchIncident } from './filter/matchIncident.js';
import { IncidentReplication } from './IncidentReplication.js';
import type { EchoSign } from './echo/Echoes.js';
import type { Mapping } from './mapping/Mapping.js';
import type { TargetOrg } from './TargetOrg.js';
import type { LossReport } from './translate/LossReport.js';
import { asClosed, Translations } from './translate/Translations.js';
import { Commits } from './write/Commits.js';
import { delivered } from './write/delivered.js';
import { IbmRows } from './write/find/IbmRows.js';
import { lookUp, mappingOf } from './mapping/lookUp.js';
import type { Known } from './mapping/lookUp.js';
import type { TargetObject } from './write/TargetObject.js';
import { missingOf } from './write/find/missing.js';
import { MissingCounterparts } from './write/find/MissingCounterparts.js';
import type { LinkExtras } from './write/Updates.js';
import type { WriteJob } from './write/WriteJob.js';

interface Context extends DeliverContext {
  readonly commits: Commits;
}

/** The way of one event: filter → decide → translate → write → link. */
export class Replication {
  private readonly translations: Translations;
  private readonly incidents: IncidentReplication;
  private readonly missing: MissingCounterparts;
  private readonly ibmRows: IbmRows;
  private readFields = false;

  constructor(
    private readonly org: TargetOrg,
    sourceHost: string,
    private readonly settings: ResilientFeedSettings,
    losses: LossReport,
    private readonly log: Logger,
    /** Of the config's names, those that were told to be none. */
    private readonly toldNames: Set<string> = new Set(),
  ) {
    const { exclude, syncReferenceFields, keepAuthor } = settings;
    const options = { sourceHost, exclude, syncReferenceFields, keepAuthor };
    this.translations = new Translations(org.catalog, options, losses);
    this.incidents = new IncidentReplication(org, this.translations);
    this.ibmRows = new IbmRows(org);
    this.missing = new MissingCounterparts(org, settings.onTargetMissing, log);
  }

  async deliver(event: FeedEvent, deliverContext: DeliverContext): Promise<DeliveryResult> {
    const commits = new Commits();
    const result = await this.replicate(event, { ...deliverContext, commits });
    if (result.status === 'delivered' && commits.pending) return { ...result, committed: commits.done() };
    await commits.done();
    return result;
  }

  private async replicate(event: FeedEvent, context: Context): Promise<DeliveryResult> {
    const matches = !isIncident(event.key) || event.operation === 'delete' || this.matches(event);
    const known = await this.lookUp(event, matches, context);
    if (known === 'later') return { status: 'waiting', on: incidentKey(event.key) };
    const { deleteIncidents, onUnmatch } = this.settings;
    const ageMs = ageOf(event);
    const echo = await this.echoOf(event, known, ageMs, context);
    const replica = echo !== undefined;
    const decision = decide({ event, ...known, matches, replica, ageMs, deleteIncidents, onUnmatch });
    switch (decision.do) {
      case 'skip':
        await this.markSkipped(decision, event, known, echo, context);
        return { status: 'skipped', reason: decision.reason };
      case 'wait':
        return { status: 'waiting', on: decision.on };
      case 'nothing':
        await this.org.deletedThreads.neverMade(event, known.parent, context.signal);
        return { status: 'delivered', change: 'unchanged' };
      case 'bypass':
        await this.org.rows.mark(event.key, 'bypassed');
        return { status: 'skipped', reason: 'bypassed: delete_incidents is off' };
      case 'delete':
        return this.remove(event, known, context);
      case 'unmatch':
        return this.unmatch(decision.how, event, known, context);
      case 'blank':
        return this.blank(event, known, context);
      case 'frame':
        return this.frame(event, known, context);
      case 'refill':
        return this.refill(event, known, context);
      case 'revive':
        await this.org.rows.revive(event.key);
        return this.replicate(event, context);
      case 'create':
      case 'adopt-or-create':
      case 'update':
        return this.write(decision, event, known, context);
    }
  }

  /** Only of an incident without a counterpart: what has one, or had, is ours. */
  private async echoOf(
    event: FeedEvent,
    known: Known,
    ageMs: number | undefined,
    { signal }: Context,
  ): Promise<EchoSign | undefined> {
    const { echoes, creates } = this.org;
    if (event.operation === 'delete') return undefined;
    if (event.key.type === 'note') echoes.heard(event, known.incident);
    if (!isIncident(event.key) || creates.intent(event.key) !== undefined) return undefined;
    if (known.mapping !== undefined && known.mapping.state !== 'filtered') return undefined;
    const { fields } = this.translations.of(event);
    const key = fields.filter(({ name, prefix }) => prefix === undefined && LIKENESS.has(name));
    return echoes.of(event, known.mapping, { key, isNew: isBrandNew(event, ageMs) }, signal);
  }

  private matches(event: FeedEvent): boolean {
    const { criteria } = this.settings;
    if (!this.readFields) {
      this.readFields = true;
      for (const field of unknownFields(criteria, event)) {
        if (this.toldNames.has(field)) continue;
        this.toldNames.add(field);
        this.log.warn(`matching_incident_fields: neither the incidents nor their schema have a field ${field}.`, {
          event: 'filter.unknown-field',
        });
      }
    }
    return matchIncident(criteria, event);
  }

  /** What is to leave the target may stand there without a row: it is looked for first. */
  private async lookUp(event: FeedEvent, matches: boolean, context: Context): Promise<Known | 'later'> {
    const { rows, creates } = this.org;
    const known = await lookUp(event, rows);
    if (event.operation !== 'delete' && matches) return known;
    const found = await this.withoutRow(event, known, context);
    if (found === undefined) return known;
    if (found === 'later') return found;
    await creates.link(event.key, { target: found.target, digests: {}, ...this.noteDue(event, found) });
    return lookUp(event, rows);
  }

  /** After a create that was never answered, or a loss of the mapping. */
  private async withoutRow(
    event: FeedEvent,
    known: Known,
    context: Context,
  ): Promise<TargetObject | 'later' | undefined> {
    const { creates, createOnce, refinding } = this.org;
    const { state } = known.mapping ?? {};
    // An incident may have stopped matching since its create.
    const open = creates.intent(event.key) !== undefined && (state === undefined || state === 'filtered');
    if (open) return createOnce.twin(jobOf(event, [], known, context));
    if (event.operation !== 'delete' || state !== undefined) return undefined;
    const { fields, unsupported } = this.translations.of(event);
    // What the target cannot hold was never made there.
    if (unsupported !== undefined) return undefined;
    const job = jobOf(event, fields, known, context);
    if (isIncident(event.key)) return refinding.incident(job);
    // The incident is found again first: it tells where to look.
    if (known.incident === undefined && (await refinding.incidentMayStand(event.key.incidentId, context.signal)))
      return 'later';
    return refinding.mayBeLost(job, known.incident) ? refinding.child(job, known.incident) : undefined;
  }

  /** An incident that stays may match again: then it lacks the note about its origin. */
  private noteDue(event: FeedEvent, { target }: TargetObject): Pick<LinkExtras, 'next'> {
    if (event.operation === 'delete') return {};
    const { losses } = this.translations.of(event);
    return { next: this.org.defaultNotes.intentOf(event.key, target.objectId, losses) };
  }

  private async markSkipped(
    decision: Decision & { do: 'skip' },
    event: FeedEvent,
    known: Known,
    echo: EchoSign | undefined,
    context: Context,
  ): Promise<void> {
    const store = this.org.rows;
    const flags = known.mapping?.flags;
    switch (decision.mark) {
      case 'filtered':
        // Deleted, and back: what was below it comes again, too, should it match.
        return known.mapping === undefined ? store.mark(event.key, 'filtered') : store.unmatch(event.key);
      case 'replica':
        return store.mark(event.key, 'filtered', { replica: echo === 'note' ? 'note' : true });
      case 'frozen':
        return store.flag(event.key, { ...flags, frozen: true });
      case 'delete-due': {
        const kept = await this.ibmRows.kept(this.jobOf(event, known, context), mappingOf(known));
        return kept === undefined
          ? store.mark(event.key, 'deleted')
          : store.flag(event.key, { ...flags, deleteDue: true });
      }
      case undefined:
        return undefined;
    }
  }

  private async write(
    decision: WriteDecision,
    event: FeedEvent,
    known: Known,
    context: Context,
    resync = false,
  ): Promise<DeliveryResult> {
    // A reply hangs below its note's task, too.
    if (decision.do !== 'update' && known.taskKey !== undefined && known.place?.taskId === undefined) {
      return { status: 'waiting', on: known.taskKey };
    }
    const translation = await this.translations.complete(event, context);
    if (translation.unsupported !== undefined) {
      // Artifacts may have others below them, which must not wait for it.
      if (event.key.type === 'artifact' && known.mapping === undefined) await this.org.rows.mark(event.key, 'filtered');
      return { status: 'skipped', reason: translation.unsupported };
    }
    const job = jobOf(event, translation.fields, known, context);
    try {
      return isIncident(event.key)
        ? await this.incidents.write(decision, job, translation.losses, known)
        : await this.writeChild(decision, job, known, resync);
    } catch (error) {
      const missing = await missingOf(error, job, known, this.org);
      if (missing === undefined) throw error;
      const noticed = await this.missing.notice(missing, error, job, known);
      if (noticed !== 'again') return noticed;
      // With an incident went what hung below it.
      const whole = isIncident(event.key) && event.followedByObjects !== true;
      const create: WriteDecision = whole ? { do: 'create', resync: true } : { do: 'create' };
      return this.write(create, event, { ...known, mapping: undefined }, context);
    }
  }

  private async writeChild(
    decision: WriteDecision,
    job: WriteJob,
    known: Known,
    resync: boolean,
  ): Promise<DeliveryResult> {
    const { createOnce, updates, deletedThreads } = this.org;
    if (decision.do === 'update') {
      const mapping = mappingOf(known);
      const written = await updates.update(job, mapping, deletedThreads.flagsOfLiving(mapping));
      if (written !== undefined) return delivered(written);
    }
    // What is made anew was taken away just now.
    if (!resync && this.mayBeLost(job, known)) {
      const found = await this.org.refinding.child(job, known.incident);
      if (found === 'later') return { status: 'waiting', on: incidentKey(job.event.key) };
      if (found !== undefined) return delivered(await updates.adopt(job, found, () => refoundFlags(job, found)));
    }
    if (job.event.key.type === 'task') {
      const whole = decision.do === 'adopt-or-create' && decision.resync === true;
      if (whole) await this.org.rows.forget(job.event.key);
      const written = await createOnce.adoptOrCreate(job);
      return written === undefined ? { status: 'waiting', on: incidentKey(job.event.key) } : delivered(written, whole);
    }
    const isBlank = job.event.payload['is_deleted'] === true;
    const written = isBlank ? await deletedThreads.create(job) : await createOnce.create(job);
    if (written === undefined) return { status: 'skipped', reason: 'deleted note without replies' };
    await deletedThreads.blankFrame(known.parent, job.signal);
    return delivered(written, resync);
  }

  private mayBeLost(job: WriteJob, { mapping, incident }: Known): boolean {
    const { refinding, creates } = this.org;
    return mapping === undefined && creates.intent(job.event.key) === undefined && refinding.mayBeLost(job, incident);
  }

  private async remove(event: FeedEvent, known: Known, context: Context): Promise<DeliveryResult> {
    const mapping = await this.ibmRows.verified(this.jobOf(event, known, context), mappingOf(known));
    if (mapping === undefined) {
      await this.org.rows.mark(event.key, 'deleted');
      return { status: 'delivered', change: 'unchanged' };
    }
    const outcome = await this.org.removal.remove(mapping, context.signal);
    if (outcome === 'removed') return { status: 'delivered', change: 'deleted' };
    return { status: 'skipped', reason: `the platform keeps this ${event.key.type}: it made it itself` };
  }

  private async blank(event: FeedEvent, known: Known, context: Context): Promise<DeliveryResult> {
    const mapping = await this.ibmRows.kept(this.jobOf(event, known, context), mappingOf(known));
    if (mapping === undefined) return this.write({ do: 'create' }, event, { ...known, mapping: undefined }, context);
    await this.org.removal.blank(mapping, repliesOf(event), context.signal);
    return { status: 'delivered', change: 'updated' };
  }

  /** Deleted, and wanted again as the frame of its replies: the target's own, where it left one. */
  private async frame(event: FeedEvent, known: Known, context: Context): Promise<DeliveryResult> {
    const written = await this.org.deletedThreads.standing(this.jobOf(event, known, context), mappingOf(known));
    return written === undefined ? this.refill(event, known, context) : delivered(written);
  }

  private async refill(event: FeedEvent, known: Known, context: Context): Promise<DeliveryResult> {
    await this.org.deletedThreads.clear(this.jobOf(event, known, context), mappingOf(known), known.incident);
    return this.write({ do: 'create' }, event, { ...known, mapping: undefined }, context, true);
  }

  private jobOf(event: FeedEvent, known: Known, context: Context): WriteJob {
    return jobOf(event, this.translations.of(event).fields, known, context);
  }

  private async unmatch(
    how: 'close' | 'delete',
    event: FeedEvent,
    known: Known,
    context: Context,
  ): Promise<DeliveryResult> {
    const mapping = await this.ibmRows.verified(this.jobOf(event, known, context), mappingOf(known));
    const { unmatching } = this.org;
    if (how === 'delete' || mapping === undefined) {
      await unmatching.delete(mapping ?? withoutTarget(mappingOf(known)), context.signal);
      return { status: 'delivered', change: mapping === undefined ? 'unchanged' : 'deleted' };
    }
    const { fields } = await this.translations.complete(asClosed(event), context);
    const closing = jobOf(
      event,
      fields.filter((field) => field.closing === true),
      known,
      context,
    );
    const written = await unmatching.close(closing, { ...mapping, verified: true });
    return written === undefined ? { status: 'delivered', change: 'unchanged' } : delivered(written);
  }
}

/** What an incident and the one it was made of have in common. */
const LIKENESS = new Set(['name', 'discovered_date']);

/** How long the object had been there at the source (ms), all by the source's clock. */
function ageOf({ observedAtMs, payload }: FeedEvent): number | undefined {
  const createdMs = payload['create_date'];
  return typeof createdMs === 'number' ? observedAtMs - createdMs : undefined;
}

function jobOf(event: FeedEvent, fields: WriteJob['fields'], { place }: Known, context: Context): WriteJob {
  const { signal, attempt, log, commits, aside = (work) => work } = context;
  return { event, fields, ...(place === undefined ? {} : { place }), signal, attempt, log, commits, aside };
}

/** A note that stands as a blank frame was deleted before its row was lost. */
function refoundFlags({ event }: WriteJob, found: TargetObject): LinkExtras {
  const blank = event.payload['is_deleted'] === true && found.value(DELETED) === true;
  return blank ? { flags: { blanked: true } } : {};
}

const DELETED = { name: 'is_deleted', inputType: 'boolean', value: true } as const;

function withoutTarget({ target: _, ...mapping }: Mapping): Mapping {
  return mapping;
}
