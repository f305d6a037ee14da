import type { Clock, ObjectKey, SourceOrg } from '@soar-feed/core';
import { SoarApiError } from '@soar-feed/soar-client';
import type { SoarClient } from '@soar-feed/soar-client';
import type { Intent } from '../../mapping/Intent.js';
import type { Creates } from '../../mapping/Creates.js';
import type { TargetRef } from '../../mapping/Mapping.js';
import { defaultNote } from '../../translate/defaultNote.js';
import type { Loss } from '../../fields/TranslatedField.js';
import type { Clocks } from '../../Clocks.js';
import { BoundedCache } from '../../BoundedCache.js';
import { NoteWriter } from '../types/NoteWriter.js';
import type { Settling } from './Settling.js';
import type { WriteJob } from '../WriteJob.js';
import type { BundleSupport } from './BundleSupport.js';
import { isOriginNote, OriginNote, waitOf } from './OriginNote.js';
import type { NoteFate } from './OriginNote.js';

export interface DefaultNotesServices {
  readonly client: SoarClient;
  readonly creates: Creates;
  readonly settling: Settling;
  readonly clocks: Clocks;
  readonly clock: Clock;
  readonly source: Pick<SourceOrg, 'host' | 'orgId'>;
  readonly support: BundleSupport;
}

/** How long after an answer that does not show the note it may still appear, ms. */
const LATE_MS = 1_500;

/**
 * The note about the origin of a target incident. It has no row in the mapping. It travels inside the incident's create if
 * the server takes it there. Else its create begins in the same commit as the incident's link, and its intent stays until
 * the note is there, so a crash neither loses nor doubles it.
 */
export class DefaultNotes {
  /**
   * By source id of the incident: what is known of its note since the feed opened; absent: it may be there. If the
   * incident is deleted first, its note is never sent.
   */
  private readonly fates = new BoundedCache<number, NoteFate>(10_000);

  constructor(private readonly services: DefaultNotesServices) {}

  /** For an incident that is about to be made. */
  begin({ event: { key }, attempt }: WriteJob, losses: readonly Loss[]): OriginNote {
    const { creates, support, clocks } = this.services;
    // Whatever was wrong with the create before, the note is not the reason again.
    const first = attempt === 1 && creates.intent(key) === undefined;
    const travels = first && support.may('comments');
    return new OriginNote(this.intent(key, losses), support, clocks.targetSince, travels);
  }

  /** The intent to keep in one commit with the incident's link; `undefined`: the note is there. */
  intentOf(
    incident: ObjectKey,
    targetIncidentId: number,
    losses: readonly Loss[],
    note?: OriginNote,
  ): Intent | undefined {
    const { incidentId } = incident;
    if (note?.known === 'there') return undefined;
    const intent = { ...this.intent(incident, losses), targetIncidentId };
    if (note?.known === undefined) this.fates.delete(incidentId);
    else this.fates.set(incidentId, note.known);
    return intent;
  }

  isDue(incident: ObjectKey): boolean {
    return this.services.creates.intent(noteKey(incident)) !== undefined;
  }

  /**
   * Makes the note if its create is open. What was to stand in an earlier counterpart, which is gone, is given up. Throws
   * `RetryableError` while an unanswered one may still appear.
   */
  async finish(job: WriteJob, { objectId }: TargetRef): Promise<void> {
    const { creates, clocks } = this.services;
    const {
      key,
      key: { incidentId },
    } = job.event;
    const intent = creates.intent(noteKey(key));
    if (intent?.targetIncidentId === undefined) return;
    if (intent.targetIncidentId !== objectId) return job.commits.add(creates.end(intent.source, intent));
    if (this.fates.get(incidentId) !== 'send') {
      if (await this.stands(intent, incidentId, job.signal)) return job.commits.add(creates.end(intent.source));
      await creates.begin({ ...intent, sentAtMs: clocks.targetNow() });
    }
    this.fates.delete(incidentId);
    await this.send(intent, intent.targetIncidentId, job);
    job.commits.add(creates.end(intent.source));
  }

  /** Throws `RetryableError` while it may still appear. */
  private async stands(intent: Intent, incidentId: number, signal: AbortSignal): Promise<boolean> {
    const { settling, support, clock } = this.services;
    const checked = this.fates.get(incidentId) === 'check';
    let found = await this.find(intent, signal);
    if (!found && checked) {
      await clock.sleep(LATE_MS, signal);
      found = await this.find(intent, signal);
    }
    if (!checked && !found) {
      settling.assertOver(waitOf(intent));
      // It may have travelled inside the incident's create, and appear later than that.
      settling.assertOver(waitOf(withoutPlace(intent)));
    }
    if (checked && found) support.taken('comments');
    if (checked && !found) support.notTaken('comments', 'ignored');
    return found;
  }

  private async find(intent: Intent, signal: AbortSignal): Promise<boolean> {
    const { client, clocks } = this.services;
    const place = { incidentId: intent.targetIncidentId as number };
    const notes = await new NoteWriter(client).list(place, 'note', signal);
    return notes.some((note) => isOriginNote(note, intent, clocks.targetSince));
  }

  private intent(incident: ObjectKey, losses: readonly Loss[]): Omit<Intent, 'targetIncidentId'> {
    const { source, creates, clocks, client } = this.services;
    const { host, orgId } = source;
    const content = defaultNote({ host, orgId, incidentId: incident.incidentId }, losses);
    return {
      source: noteKey(incident),
      naturalKey: [{ name: 'text', inputType: 'textarea', value: { format: 'text', content } }],
      // The note may be as old as the incident.
      sentAtMs: creates.intent(incident)?.sentAtMs ?? clocks.targetNow(),
      principalId: client.principal.id,
    };
  }

  private async send(intent: Intent, targetIncidentId: number, job: WriteJob): Promise<void> {
    const { incidentId } = job.event.key;
    try {
      await this.services.client.notes.create(
        { incidentId: targetIncidentId },
        { text: intent.naturalKey[0]?.value },
        { signal: job.signal },
      );
    } catch (error) {
      if (!SoarApiError.is(error) || error.outcomeUnknown) {
        this.services.settling.unanswered(waitOf(intent));
        throw error;
      }
      if (error.retryable || error.unavailable) {
        this.fates.set(incidentId, 'send');
        throw error;
      }
      // The incident is there, and must not wait for a note that the target does not take.
      job.log.warn(`The note about the origin of incident ${incidentId} was refused: ${error.message}`);
    }
  }
}

/** As it travels inside the create of its incident. */
function withoutPlace({ targetIncidentId: _, ...intent }: Intent): Intent {
  return intent;
}

/** The key of the note's intent. No object of the source has this type. */
function noteKey(incident: ObjectKey): ObjectKey {
  return { ...incident, type: '*default-note' };
}
