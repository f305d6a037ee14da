import type { IncidentDto } from '@soar-feed/soar-client';
import type { Intent } from '../../mapping/Intent.js';
import type { Along } from '../Along.js';
import type { Since } from '../../Clocks.js';
import { findTwin } from '../findTwin.js';
import { noteAsTarget } from '../types/NoteWriter.js';
import type { BundleSupport } from './BundleSupport.js';

/** `there`: nothing is left to do; `check`: look for it, then send it; `send`: it was never sent. */
export type NoteFate = 'there' | 'check' | 'send';

/** The note about the origin of one incident that is about to be made: inside its create, if the server takes it there. */
export class OriginNote implements Along {
  readonly lists: Along['lists'];
  readonly intents = [];
  readonly unwritten: Along['unwritten'];
  private fate: NoteFate | undefined;

  constructor(
    private readonly intent: Omit<Intent, 'targetIncidentId'>,
    private readonly support: BundleSupport,
    private readonly since: Since,
    inside: boolean,
  ) {
    this.unwritten = inside ? [intent] : [];
    this.lists = inside ? { comments: [{ text: intent.naturalKey[0]?.value }] } : {};
  }

  /** `undefined`: no answer of this process made the incident, so an earlier create may have had the note along. */
  get known(): NoteFate | undefined {
    return this.fate;
  }

  made(answer: IncidentDto, refused: boolean, others = false): void {
    if (this.lists.comments === undefined) this.fate = 'send';
    else if (refused) {
      this.fate = 'send';
      // They may have been at fault.
      if (!others) this.support.notTaken('comments', 'refused');
    } else if (this.isShown(answer)) {
      this.fate = 'there';
      this.support.taken('comments');
    } else this.fate = this.support.isProven('comments') ? 'there' : 'check';
  }

  stumbled(others = false): void {
    if (!others && this.lists.comments !== undefined) this.support.stumbled('comments');
  }

  private isShown({ id, comments }: IncidentDto): boolean {
    const notes = (comments ?? []).map((note) => noteAsTarget(note, { incidentId: id }));
    return findTwin({ ...this.intent, targetIncidentId: id }, notes, new Set(), this.since) !== undefined;
  }
}
