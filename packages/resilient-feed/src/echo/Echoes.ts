import { RetryableError } from '@soar-feed/core';
import type { Clock, FeedEvent, Logger, SoarObject, SourceOrg } from '@soar-feed/core';
import type { SoarClient } from '@soar-feed/soar-client';
import type { NaturalKey } from '../mapping/Intent.js';
import type { Mapping } from '../mapping/Mapping.js';
import type { Rows } from '../mapping/Rows.js';
import { originOf } from '../translate/defaultNote.js';
import { htmlToText, readTextArea } from '../fields/richText.js';
import { BoundedCache } from '../BoundedCache.js';
import { orNothing } from '../write/notFound.js';
import type { IncidentWriter } from '../write/types/IncidentWriter.js';
import { idOf } from '../write/TargetObject.js';
import type { TargetObject } from '../write/TargetObject.js';
import { hostOf, referencesOf } from '../translate/Origin.js';
import type { Origin } from '../translate/Origin.js';

/** How long a note about the origin may follow its incident, ms. An incident with a look-alike waits as long. */
const NOTE_WITHIN_MS = 10_000;
const LOOK_AGAIN_MS = 500;

export interface EchoesServices {
  readonly client: Pick<SoarClient, 'host' | 'org'>;
  readonly incidents: IncidentWriter;
  readonly rows: Rows;
  readonly source: Pick<SourceOrg, 'principalId' | 'notes'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What showed that an incident came from this feed's target. */
export type EchoSign = 'references' | 'note';

/**
 * Recognizes incidents of the source that a feed in the opposite direction made from incidents of our target: they must
 * not be sent back. Their references show it. Without references, the note about the origin does; it is read only if
 * the incident's author may be a feed. Every claim is checked in the target, because an organization of another
 * platform may have the same id, and one server many names.
 */
export class Echoes {
  /** Principal ids of the source's accounts that wrote a note about an origin in our target. */
  private readonly feedAccounts = new Set<number>();
  /** When an incident without a note, but with a look-alike in the target, was first looked at; ms, steady. */
  private readonly lookedAtMs = new BoundedCache<number, number>(10_000);

  constructor(private readonly services: EchoesServices) {}

  /** For an incident without a counterpart. Throws `RetryableError`, uncharged, while its note may still come. */
  async of(
    event: FeedEvent,
    mapping: Mapping | undefined,
    likeness: { readonly key: NaturalKey; readonly isNew: boolean },
    signal: AbortSignal,
  ): Promise<EchoSign | undefined> {
    const known = mapping?.flags.replica;
    const references = referencesOf(event.payload);
    if (references !== undefined) {
      return known !== undefined || (await this.isFromTarget(references, event, signal)) ? 'references' : undefined;
    }
    if (known === 'note') return known;
    if (!this.mayBeMadeByFeed(event.payload)) return undefined;
    return (await this.hasNote(event, likeness, signal)) ? 'note' : undefined;
  }

  /**
   * Looks at a note of the source: an author who writes about an origin in our target is a feed in the opposite
   * direction.
   */
  learnFrom({ key, payload }: FeedEvent, incident: Mapping | undefined): void {
    const origin = originOfNote(payload);
    if (origin === undefined || origin.orgId !== this.services.client.org.id) return;
    const author = idOf(payload['user_id']);
    if (author === undefined || this.feedAccounts.has(author)) return;
    this.feedAccounts.add(author);
    if (incident?.state !== 'active') return;
    this.services.log.warn(
      `Incident ${key.incidentId} has a note that says it came from incident ${origin.incidentId} of the target, but it was sent back there: a feed in the opposite direction made it. Further incidents of that account are checked first. With sync_reference_fields on both sides, and the df_ fields in both organizations, none is sent back.`,
      { event: 'target.loop', incidentId: key.incidentId },
    );
  }

  private async isFromTarget(origin: Origin, { payload }: FeedEvent, signal: AbortSignal): Promise<boolean> {
    const { client, rows } = this.services;
    if (origin.orgId !== undefined && origin.orgId !== client.org.id) return false;
    const host = origin.host === undefined ? 'unsaid' : hostOf(origin.host) === hostOf(client.host) ? 'same' : 'other';
    const there = await this.there(origin.incidentId, signal);
    if (there === undefined) return host === 'same' || (host === 'unsaid' && origin.orgId !== undefined);
    if (origin.createdMs !== undefined && there.createdAtMs !== undefined)
      return isSameMoment(origin.createdMs, there.createdAtMs);
    if (host === 'same') return true;
    const alike = ['name', 'discovered_date'].filter((name) => isEqual(payload[name], valueOf(there, name))).length;
    const isCounterpart = (await rows.mappedTargets(origin.incidentId, 'incident')).has(origin.incidentId);
    if (host === 'unsaid') return isCounterpart || alike > 0;
    return alike === 2 || (alike === 1 && isCounterpart);
  }

  /** `undefined`: it does not exist, or we may not see it. */
  private async there(id: number, signal: AbortSignal): Promise<TargetObject | undefined> {
    return orNothing(this.services.incidents.get(id, signal));
  }

  /** Incidents that people made need no request. */
  private mayBeMadeByFeed({ creator_principal: principal }: SoarObject): boolean {
    const id = idOf(principal);
    if (id === undefined) return false;
    const isPerson = (principal as SoarObject)['type'] === 'user';
    return !isPerson || id === this.services.source.principalId || this.feedAccounts.has(id);
  }

  /** A new echo still looks like the incident it came from, and its note may be on the way. */
  private async hasNote(
    event: FeedEvent,
    { key, isNew }: { readonly key: NaturalKey; readonly isNew: boolean },
    signal: AbortSignal,
  ): Promise<boolean> {
    const { incidentId } = event.key;
    const alike = await this.alike(key, signal);
    if (isNew && !alike) return false;
    const notes = await this.notesOf(incidentId);
    if (notes === undefined) return false;
    const origins = notes.map(originOfNote).filter((origin) => origin !== undefined);
    for (const origin of origins) if (await this.isFromTarget(origin, event, signal)) return true;
    if (origins.length > 0 || !alike) return false;
    const nowMs = this.services.clock.steadyMs();
    const sinceMs = this.lookedAtMs.get(incidentId) ?? nowMs;
    this.lookedAtMs.set(incidentId, sinceMs);
    if (nowMs - sinceMs >= NOTE_WITHIN_MS) return false;
    throw new RetryableError(
      'Waiting for a note about where this incident came from: one in the target looks the same.',
      {
        code: 'origin-unsettled',
        retryAfterMs: LOOK_AGAIN_MS,
        uncharged: true,
      },
    );
  }

  private async alike(key: NaturalKey, signal: AbortSignal): Promise<boolean> {
    if (key.length < 2) return false;
    return ((await orNothing(this.services.incidents.candidates(key, signal))) ?? []).length > 0;
  }

  /** `undefined`: the source does not show them. A source that is away is waited for without charging an attempt. */
  private async notesOf(incidentId: number): Promise<readonly SoarObject[] | undefined> {
    const reading = this.services.source.notes?.(incidentId);
    if (reading === undefined) return undefined;
    return orNothing(reading).catch((error: unknown) => {
      throw new RetryableError('The source does not show the notes of an incident that a feed may have made.', {
        code: 'origin-unsettled',
        uncharged: true,
        cause: error,
      });
    });
  }
}

function originOfNote(note: SoarObject): Origin | undefined {
  return originOf(readTextArea(note['text'], undefined)?.text ?? '');
}

function valueOf(object: TargetObject, name: string): unknown {
  return object.value({ name, inputType: name === 'name' ? 'text' : 'datetimepicker', value: null });
}

function isEqual(ours: unknown, theirs: unknown): boolean {
  return ours !== undefined && ours !== null && htmlToText(String(ours)) === htmlToText(String(theirs));
}

/** The field may keep only the day. */
function isSameMoment(said: number, createdMs: number): boolean {
  const day = 86_400_000;
  return said === createdMs || (said % day === 0 && Math.abs(said - createdMs) < day);
}
