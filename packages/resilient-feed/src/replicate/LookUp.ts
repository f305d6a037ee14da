import { incidentKey, isIncident } from '@soar-feed/core';
import type { FeedEvent, Logger, ObjectKey } from '@soar-feed/core';
import { BoundedCache } from '../BoundedCache.js';
import { isBrandNew } from '../decide/decide.js';
import type { EchoSign } from '../echo/Echoes.js';
import type { Criteria } from '../filter/Criteria.js';
import { unknownFields } from '../filter/findField.js';
import { matchIncident } from '../filter/matchIncident.js';
import { lookUp } from '../mapping/lookUp.js';
import type { Known } from '../mapping/lookUp.js';
import type { TargetOrg } from '../TargetOrg.js';
import type { Translations } from '../translate/Translations.js';
import { unlessGone } from '../write/notFound.js';
import type { TargetObject } from '../write/TargetObject.js';
import type { LinkExtras } from '../write/update/Updates.js';
import { jobOf } from './Work.js';
import type { Context, Work } from './Work.js';

/** All that is known of an event before it is decided what becomes of it. */
export interface Facts {
  readonly known: Known;
  /** What the filter says of an incident; `true` for everything else. */
  readonly matches: boolean;
  /** How an incident shows that it came from this feed's target. */
  readonly echo: EchoSign | undefined;
  /** Age of the object in the source when the event was observed, ms; absent if its type does not tell. */
  readonly ageMs: number | undefined;
}

export interface WaitFor {
  readonly waitFor: ObjectKey;
}

/** Fields that an incident and its counterpart have in common. */
const LIKENESS = new Set(['name', 'discovered_date']);

/** The first step of a delivery. */
export class LookUp {
  private checkedNames = false;
  /** Source incidents with a row that says that they never matched; the target was searched for each. */
  private readonly unmatched = new BoundedCache<number, true>(100_000);

  constructor(
    private readonly org: TargetOrg,
    private readonly translations: Translations,
    private readonly criteria: Criteria,
    private readonly log: Logger,
    /** Names in the config that no field has, reported already. */
    private readonly reportedNames: Set<string>,
  ) {}

  /** `waitFor`: the object may have been lost, and this one must come before it can be found. */
  async of(event: FeedEvent, context: Context): Promise<Facts | WaitFor> {
    const matches = !isIncident(event.key) || event.operation === 'delete' || this.matches(event);
    const known = await this.lookUp(event, matches, context);
    if ('waitFor' in known) return known;
    const ageMs = ageOf(event);
    return { known, matches, echo: await this.echoOf(event, known, ageMs, context), ageMs };
  }

  private matches(event: FeedEvent): boolean {
    if (!this.checkedNames) {
      this.checkedNames = true;
      for (const field of unknownFields(this.criteria, event)) {
        if (this.reportedNames.has(field)) continue;
        this.reportedNames.add(field);
        this.log.warn(`matching_incident_fields: neither the incidents nor their schema have a field ${field}.`, {
          event: 'filter.unknown-field',
        });
      }
    }
    return matchIncident(this.criteria, event);
  }

  /** What is deleted, or no longer matches, may be in the target without a row, so the target is searched for it. */
  private async lookUp(event: FeedEvent, matches: boolean, context: Context): Promise<Known | WaitFor> {
    const known = await lookUp(event, this.org.rows);
    if (event.operation !== 'delete' && matches) return known;
    const found = await this.withoutRow(event, known, context);
    if (found === undefined) return known;
    return 'waitFor' in found ? found : this.linked(event, found);
  }

  /**
   * The incident's row led nowhere: it may be old, and another counterpart may stand. Where several may be it, none is taken, not
   * even for a delete: most likely, somebody deleted it in the target.
   */
  async elsewhere({ event, known, context }: Work): Promise<Known | undefined> {
    const found = await this.withoutRow(event, { ...known, mapping: undefined }, context, 'leave');
    return found === undefined || 'waitFor' in found ? undefined : this.linked(event, found);
  }

  private async linked(event: FeedEvent, found: TargetObject): Promise<Known> {
    const { rows, creates } = this.org;
    await creates.link(event.key, { target: found.target, digests: {}, ...this.staying(event, found) });
    return lookUp(event, rows);
  }

  /** After a create without an answer, or a loss of the mapping. */
  private async withoutRow(
    event: FeedEvent,
    known: Known,
    context: Context,
    // One that no longer matches needs nobody's decision: without a certain counterpart, nothing is left to do.
    inDoubt: 'raise' | 'leave' = event.operation === 'delete' ? 'raise' : 'leave',
  ): Promise<TargetObject | WaitFor | undefined> {
    const { creates, createOnce, refinding } = this.org;
    const work = { event, known, context };
    const { state } = known.mapping ?? {};
    // An incident may have stopped matching since its create.
    const open = creates.intent(event.key) !== undefined && (state === undefined || state === 'filtered');
    if (open && this.mayBeInUnanswered(event, known)) return { waitFor: incidentKey(event.key) };
    const twin = open ? await createOnce.twin(jobOf(work, [])) : undefined;
    if (twin !== undefined) return twin;
    // An old mapping may say that the incident never matched.
    const isFiltered = isIncident(event.key) && state === 'filtered' && known.mapping?.flags.replica === undefined;
    if (state !== undefined && (!isFiltered || this.unmatched.get(event.key.incidentId) === true)) return undefined;
    const { fields, unsupported } = this.translations.of(event);
    // What the target cannot hold was never made there.
    if (unsupported !== undefined) return undefined;
    const job = jobOf(work, fields);
    if (isIncident(event.key)) {
      const found = await refinding.incident(job, inDoubt);
      if (isFiltered && found === undefined) this.unmatched.set(event.key.incidentId, true);
      return found;
    }
    // Only the incident's counterpart shows where to search.
    if (known.incident === undefined && (await refinding.incidentMayStand(event.key.incidentId, context.signal)))
      return { waitFor: incidentKey(event.key) };
    if (!refinding.mayBeLost(job, known.incident)) return undefined;
    const above = unknownAbove(event, known);
    // Where the incident's own counterpart is gone, nothing of it is left to find.
    if (above !== undefined)
      return (above.type === 'note' && (await unlessGone(refinding.reply(job)))) || { waitFor: above };
    const found = await unlessGone(refinding.child(job, known.incident));
    return found === 'later' ? { waitFor: incidentKey(event.key) } : found;
  }

  /** It went inside the create of its incident, which is not answered: where to look for it is not known yet. */
  private mayBeInUnanswered({ key }: FeedEvent, { incident }: Known): boolean {
    const { creates } = this.org;
    return !isIncident(key) && incident === undefined && creates.intent(incidentKey(key)) !== undefined;
  }

  /**
   * An incident that stays may match again. If its create was not answered, it would lack the note about its origin; if its row
   * was lost, those of its objects were, too.
   */
  private staying(event: FeedEvent, { target }: TargetObject): Pick<LinkExtras, 'flags' | 'next'> {
    if (event.operation === 'delete') return {};
    const { creates, defaultNotes } = this.org;
    if (creates.intent(event.key) === undefined) return { flags: { adopted: true } };
    const { losses } = this.translations.of(event);
    const next = defaultNotes.intentOf(event.key, target.objectId, losses);
    return next === undefined ? {} : { next };
  }

  /** Asked only for incidents without a counterpart: an incident that has or had one is not an echo. */
  private async echoOf(
    event: FeedEvent,
    known: Known,
    ageMs: number | undefined,
    { signal }: Context,
  ): Promise<EchoSign | undefined> {
    const { echoes, creates } = this.org;
    if (event.operation === 'delete') return undefined;
    if (event.key.type === 'note') echoes.learnFrom(event, known.incident);
    if (!isIncident(event.key) || creates.intent(event.key) !== undefined) return undefined;
    if (known.mapping !== undefined && known.mapping.state !== 'filtered') return undefined;
    const { fields } = this.translations.of(event);
    const key = fields.filter(({ name, prefix }) => prefix === undefined && LIKENESS.has(name));
    return echoes.of(event, known.mapping, { key, isNew: isBrandNew(event, ageMs) }, signal);
  }
}

/** The task, note or artifact above it, while that has no row: the target keeps the object there. */
function unknownAbove({ parent }: FeedEvent, known: Known): ObjectKey | undefined {
  if (known.taskKey !== undefined && known.place?.taskId === undefined) return known.taskKey;
  return parent === undefined || isIncident(parent) || known.parent !== undefined ? undefined : parent;
}

/** Both times are the source's. */
function ageOf({ observedAtMs, payload }: FeedEvent): number | undefined {
  const createdMs = payload['create_date'];
  return typeof createdMs === 'number' ? observedAtMs - createdMs : undefined;
}
