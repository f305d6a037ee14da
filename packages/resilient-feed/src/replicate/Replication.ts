import { incidentKey } from '@soar-feed/core';
import type { DeliverContext, DeliveryResult, FeedEvent, Logger } from '@soar-feed/core';
import type { ResilientFeedSettings } from '../config.js';
import { decide } from '../decide/decide.js';
import type { Decision } from '../decide/Decision.js';
import { mappingOf } from '../mapping/lookUp.js';
import type { TargetOrg } from '../TargetOrg.js';
import type { LossReport } from '../translate/LossReport.js';
import { Translations } from '../translate/Translations.js';
import { Commits } from '../write/Commits.js';
import { delivered } from './delivered.js';
import { Leaving } from './Leaving.js';
import { LookUp } from './LookUp.js';
import type { Facts } from './LookUp.js';
import { Skipping } from './Skipping.js';
import { withoutCounterpart } from './Work.js';
import type { Context, Work } from './Work.js';
import { Writing } from './Writing.js';

/**
 * One event on its way into the target:
 *
 *     look up      what the mapping knows of its object; where the mapping lost something, the target is searched
 *     decide       what becomes of the event
 *     translate    the object into the target's terms
 *     write        it with as few requests as possible; or take it away
 *     link         in the mapping, whose commit the next event need not wait for
 */
export class Replication {
  private readonly lookUp: LookUp;
  private readonly skipping: Skipping;
  private readonly writing: Writing;
  private readonly leaving: Leaving;

  constructor(
    private readonly org: TargetOrg,
    sourceHost: string,
    private readonly settings: ResilientFeedSettings,
    losses: LossReport,
    log: Logger,
    /** Names in the config that no field has, reported already. */
    reportedNames: Set<string> = new Set(),
  ) {
    const { exclude, syncReferenceFields, keepAuthor } = settings;
    const options = { sourceHost, exclude, syncReferenceFields, keepAuthor };
    const translations = new Translations(org.catalog, options, losses);
    this.lookUp = new LookUp(org, translations, settings.criteria, log, reportedNames);
    this.skipping = new Skipping(org, translations);
    this.writing = new Writing(org, translations, settings.onTargetMissing, log);
    this.leaving = new Leaving(org, translations);
  }

  async deliver(event: FeedEvent, deliverContext: DeliverContext): Promise<DeliveryResult> {
    const commits = new Commits();
    const result = await this.replicate(event, { ...deliverContext, commits });
    if (result.status === 'delivered' && commits.pending) return { ...result, committed: commits.done() };
    await commits.done();
    return result;
  }

  private async replicate(event: FeedEvent, context: Context): Promise<DeliveryResult> {
    const facts = await this.lookUp.of(event, context);
    if (facts === 'later') return { status: 'waiting', on: incidentKey(event.key) };
    const { known, matches, echo, ageMs } = facts;
    const { deleteIncidents, onUnmatch } = this.settings;
    const replica = echo !== undefined;
    const decision = decide({ event, ...known, matches, replica, ageMs, deleteIncidents, onUnmatch });
    return this.carryOut(decision, { event, known, context }, facts);
  }

  private async carryOut(decision: Decision, work: Work, { echo }: Facts): Promise<DeliveryResult> {
    const { event, known, context } = work;
    const { rows, deletedThreads } = this.org;
    switch (decision.do) {
      case 'skip':
        await this.skipping.mark(decision.mark, work, echo);
        return { status: 'skipped', reason: decision.reason };
      case 'wait':
        return { status: 'waiting', on: decision.on };
      case 'nothing':
        await deletedThreads.neverMade(event, known.parent, context.signal);
        return { status: 'delivered', change: 'unchanged' };
      case 'bypass':
        await rows.mark(event.key, 'bypassed');
        return { status: 'skipped', reason: 'bypassed: delete_incidents is off' };
      case 'delete':
        return this.leaving.delete(work);
      case 'unmatch':
        return this.leaving.unmatch(decision.how, work);
      case 'blank':
        return (await this.leaving.blank(work)) ?? this.writing.write({ do: 'create' }, withoutCounterpart(work));
      case 'frame':
        return this.frame(work);
      case 'refill':
        return this.refill(work);
      case 'revive':
        await rows.revive(event.key);
        return this.replicate(event, context);
      case 'create':
      case 'adopt-or-create':
      case 'update':
        return this.writing.write(decision, work);
    }
  }

  /** The note was deleted and is needed again as the frame of its replies: the target's own, if it kept one. */
  private async frame(work: Work): Promise<DeliveryResult> {
    const written = await this.org.deletedThreads.standing(this.writing.jobOf(work), mappingOf(work.known));
    return written === undefined ? this.refill(work) : delivered(written);
  }

  /** What we made of the thread is deleted, and the thread is loaded anew. */
  private async refill(work: Work): Promise<DeliveryResult> {
    const { known } = work;
    await this.org.deletedThreads.clear(this.writing.jobOf(work), mappingOf(known), known.incident);
    return this.writing.write({ do: 'create' }, withoutCounterpart(work), { refilled: true });
  }
}
