import type { ObjectKey, SourceOrg } from '@soar-feed/core';
import { SoarApiError } from '@soar-feed/soar-client';
import type { SoarClient } from '@soar-feed/soar-client';
import type { Intent } from '../../mapping/Intent.js';
import type { Creates } from '../../mapping/Creates.js';
import { defaultNote } from '../../translate/defaultNote.js';
import type { Loss } from '../../fields/TranslatedField.js';
import type { Clocks } from '../../Clocks.js';
import { BoundedCache } from '../../BoundedCache.js';
import { findTwin } from '../findTwin.js';
import { NoteWriter } from '../types/NoteWriter.js';
import type { Settling } from './Settling.js';
import type { WriteJob } from '../WriteJob.js';

/**
 * The note about the origin of a target incident. It has no row in the mapping. Its create begins in the same commit as
 * the incident's link, and its intent stays until the note is there, so a crash neither loses nor doubles it.
 */
export class DefaultNotes {
  /**
   * Source ids of incidents whose note was not sent yet since the feed opened: there is no twin to look for. If the
   * incident is deleted first, its note never is.
   */
  private readonly unsent = new BoundedCache<number, true>(10_000);

  constructor(
    private readonly client: SoarClient,
    private readonly creates: Creates,
    private readonly settling: Settling,
    private readonly clocks: Clocks,
    private readonly source: Pick<SourceOrg, 'host' | 'orgId'>,
  ) {}

  /** The intent to keep in one commit with the incident's link. */
  intentOf(incident: ObjectKey, targetIncidentId: number, losses: readonly Loss[]): Intent {
    const { incidentId } = incident;
    const content = defaultNote({ host: this.source.host, orgId: this.source.orgId, incidentId }, losses);
    this.unsent.set(incidentId, true);
    return {
      source: noteKey(incident),
      naturalKey: [{ name: 'text', inputType: 'textarea', value: { format: 'text', content } }],
      sentAtMs: this.clocks.targetNow(),
      principalId: this.client.principal.id,
      targetIncidentId,
    };
  }

  /** Makes the note if its create is open. Throws `RetryableError` while an unanswered one may still appear. */
  async finish(job: WriteJob): Promise<void> {
    const {
      key,
      key: { incidentId },
    } = job.event;
    const intent = this.creates.intent(noteKey(key));
    if (intent?.targetIncidentId === undefined) return;
    const place = { incidentId: intent.targetIncidentId };
    if (this.unsent.get(incidentId) === undefined) {
      const notes = await new NoteWriter(this.client).list(place, 'note', job.signal);
      if (findTwin(intent, notes, new Set(), this.clocks.targetSlackMs) !== undefined)
        return job.commits.add(this.creates.end(intent.source));
      this.settling.assertOver(intent);
      await this.creates.begin({ ...intent, sentAtMs: this.clocks.targetNow() });
    }
    this.unsent.delete(incidentId);
    await this.send(intent, place.incidentId, job);
    job.commits.add(this.creates.end(intent.source));
  }

  private async send(intent: Intent, targetIncidentId: number, job: WriteJob): Promise<void> {
    const { incidentId } = job.event.key;
    try {
      await this.client.notes.create(
        { incidentId: targetIncidentId },
        { text: intent.naturalKey[0]?.value },
        { signal: job.signal },
      );
    } catch (error) {
      if (!SoarApiError.is(error) || error.outcomeUnknown) {
        this.settling.unanswered(intent);
        throw error;
      }
      if (error.retryable || error.unavailable) {
        this.unsent.set(incidentId, true);
        throw error;
      }
      // The incident is there, and must not wait for a note that the target does not take.
      job.log.warn(`The note about the origin of incident ${incidentId} was refused: ${error.message}`);
    }
  }
}

/** The key of the note's intent. No object of the source has this type. */
function noteKey(incident: ObjectKey): ObjectKey {
  return { ...incident, type: '*default-note' };
}
