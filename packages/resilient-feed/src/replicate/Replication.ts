import { isEmail, isIncident, PermanentError } from '@soar-feed/core';
import type { DeliverContext, DeliveryResult, FeedEvent, Logger } from '@soar-feed/core';
import type { ResilientFeedSettings } from '../config.js';
import { decide } from '../decide/decide.js';
import type { Decision } from '../decide/Decision.js';
import { sourceType } from '../fields/emailTypes.js';
import { mappedFormOf, NO_EMAILS } from '../mapping/emailFormOf.js';
import { mappingOf } from '../mapping/lookUp.js';
import type { TargetOrg } from '../TargetOrg.js';
import type { Reports } from '../Reports.js';
import { toFeedError } from '../toFeedError.js';
import type { Regaining } from '../translate/Regaining.js';
import { asWritten } from '../translate/email/asWritten.js';
import { Translations } from '../translate/Translations.js';
import { Commits } from '../write/Commits.js';
import { delivered } from './delivered.js';
import { Leaving } from './Leaving.js';
import type { Left } from './Leaving.js';
import type { NotClosed } from './NotClosed.js';
import { LookUp } from './LookUp.js';
import type { Facts } from './LookUp.js';
import { Skipping } from './Skipping.js';
import { withoutCounterpart } from './Work.js';
import type { Context, Work } from './Work.js';
import { Writing } from './Writing.js';

export interface ReplicationServices {
  readonly reports: Reports;
  readonly regaining: Regaining;
  /** Outlives an opening: what it knows is as true after it. */
  readonly notClosed: NotClosed;
  readonly log: Logger;
}

/**
 * One event on its way into the target:
 *
 *     enter        an e-mail message as the note or attachment that stands for it
 *     look up      what the mapping knows of its object; where the mapping lost something, the target is searched
 *     decide       what becomes of the event
 *     translate    the object into the target's terms
 *     write        it with as few requests as possible; or take it away
 *     link         in the mapping, whose commit the next event need not wait for
 */
export class Replication {
  readonly translations: Translations;
  private readonly lookUp: LookUp;
  private readonly skipping: Skipping;
  private readonly writing: Writing;
  private readonly leaving: Leaving;
  private readonly notClosed: NotClosed;

  constructor(
    private readonly org: TargetOrg,
    sourceHost: string,
    private readonly settings: ResilientFeedSettings,
    { reports, regaining, notClosed, log }: ReplicationServices,
  ) {
    const { exclude, syncReferenceFields, keepAuthor } = settings;
    const options = { sourceHost, exclude, syncReferenceFields, keepAuthor };
    const translations = new Translations(org.catalog, options, reports.losses, (event, losses) =>
      regaining.note(event, losses),
    );
    this.translations = translations;
    this.lookUp = new LookUp(org, translations, settings.criteria, log, reports.names);
    this.skipping = new Skipping(org, translations);
    this.notClosed = notClosed;
    this.writing = new Writing(org, translations, settings.onTargetMissing, notClosed, log);
    this.leaving = new Leaving(org, translations);
  }

  /** What the target refuses is tried once more if the target has changed since it was read: a field may be gone. */
  async deliver(event: FeedEvent, context: DeliverContext): Promise<DeliveryResult> {
    const { version } = this.translations;
    try {
      return await this.attempt(event, context);
    } catch (error) {
      if (!(toFeedError(error, event.key) instanceof PermanentError)) throw error;
      // Another delivery may have read it since.
      if (this.translations.version === version)
        await this.translations.renew(true, context.signal).catch(() => undefined);
      if (this.translations.version === version) throw error;
      return this.attempt(event, context);
    }
  }

  private async attempt(given: FeedEvent, deliverContext: DeliverContext): Promise<DeliveryResult> {
    const event = isEmail(given.schema) ? await this.emailAsWritten(given) : given;
    if (event === undefined) return { status: 'skipped', reason: NO_EMAILS };
    const commits = new Commits();
    const result = await this.replicate(event, { ...deliverContext, commits });
    if (result.status === 'delivered' && commits.pending) return { ...result, committed: commits.done() };
    await commits.done();
    return result;
  }

  private async emailAsWritten(event: FeedEvent): Promise<FeedEvent | undefined> {
    const form = await mappedFormOf(event, this.settings.emails, this.org);
    return form && asWritten(event, form);
  }

  private async replicate(event: FeedEvent, context: Context): Promise<DeliveryResult> {
    const facts = await this.lookUp.of(event, context);
    if ('waitFor' in facts) return { status: 'waiting', on: facts.waitFor };
    const { known, matches, echo, ageMs } = facts;
    const { deleteIncidents, onUnmatch } = this.settings;
    const replica = echo !== undefined;
    const decision = decide({ event, ...known, matches, replica, ageMs, deleteIncidents, onUnmatch });
    const result = await this.carryOut(decision, { event, known, context }, facts);
    // A reply that has come, or never will, may be the last one that its deleted parent waited for.
    if (result.status !== 'waiting') await this.org.deletedThreads.blankFrame(known.parent, context.signal);
    const isChanged = result.status === 'delivered' && result.change !== 'unchanged';
    return isChanged && this.notClosed.mayCloseAfter(event.key) ? { ...result, resync: true } : result;
  }

  private async carryOut(decision: Decision, work: Work, { echo }: Facts): Promise<DeliveryResult> {
    const { event, context } = work;
    const { rows, deletedThreads } = this.org;
    switch (decision.do) {
      case 'skip':
        await this.skipping.mark(decision.mark, work, echo);
        return { status: 'skipped', reason: decision.reason };
      case 'wait':
        return { status: 'waiting', on: decision.on };
      case 'nothing':
        await deletedThreads.neverMade(event);
        return { status: 'delivered', change: 'unchanged' };
      case 'bypass':
        await rows.mark(event.key, 'bypassed');
        return { status: 'skipped', reason: 'bypassed: delete_incidents is off' };
      case 'delete':
        return this.leave(work, (one) => this.leaving.delete(one));
      case 'unmatch':
        return this.leave(work, (one) => this.leaving.unmatch(decision.how, one));
      case 'blank':
        return (await this.leaving.blank(work)) ?? this.writing.write({ do: 'create' }, withoutCounterpart(work));
      case 'frame':
        return this.frame(work);
      case 'refill':
        return this.refill(work);
      case 'replace':
        return this.replace(work);
      case 'revive':
        await rows.revive(event.key);
        return this.replicate(event, context);
      case 'create':
      case 'adopt-or-create':
        return this.writing.write(decision, work);
      case 'update': {
        const deleted = await this.writing.deletedThere(work);
        return deleted === 'again' ? this.refill(work) : (deleted ?? this.writing.write(decision, work));
      }
    }
  }

  /** If the target does not have an incident where its row says, the row may be older than the counterpart. */
  private async leave(work: Work, leaving: (work: Work) => Promise<Left>): Promise<DeliveryResult> {
    const { result, stood } = await leaving(work);
    if (stood || !isIncident(work.event.key)) return result;
    const known = await this.lookUp.elsewhere(work);
    return known === undefined ? result : (await leaving({ ...work, known })).result;
  }

  /** The note was deleted and is needed again as the frame of its replies: the target's own, if it kept one. */
  private async frame(work: Work): Promise<DeliveryResult> {
    const written = await this.org.deletedThreads.standing(this.writing.jobOf(work), mappingOf(work.known));
    return written === undefined ? this.refill(work) : delivered(written);
  }

  /** The row goes, too: that of the new object may have another of IBM's names for its type. */
  private async replace(work: Work): Promise<DeliveryResult> {
    const { key } = work.event;
    work.context.log.info(
      `The source has given the id of ${sourceType(key.type)} ${key.objectId} to another one: its counterpart is replaced.`,
      { event: 'target.replaced' },
    );
    const refilled = await this.makeWay(work);
    return this.writing.write({ do: 'create' }, withoutCounterpart(work), { refilled });
  }

  /** `true`: replies went with the note, and the incident must be loaded again. */
  private async makeWay({ event, known, context: { signal } }: Work): Promise<boolean> {
    const { deletedThreads, removal, rows } = this.org;
    const older = mappingOf(known);
    if (event.key.type === 'note') return deletedThreads.remove(event, older, known.incident, signal);
    await removal.erase(older, signal);
    await rows.forget(event.key);
    return false;
  }

  /** What we made of the thread is deleted, and the thread is loaded anew. */
  private async refill(work: Work): Promise<DeliveryResult> {
    const { known } = work;
    await this.org.deletedThreads.clear(this.writing.jobOf(work), mappingOf(known), known.incident);
    return this.writing.write({ do: 'create' }, withoutCounterpart(work), { refilled: true });
  }
}
