import type { IncidentDto } from '@soar-feed/soar-client';
import { readTextArea } from '../../fields/richText.js';
import type { Intent } from '../../mapping/Intent.js';
import { originOf } from '../../translate/defaultNote.js';
import type { Along } from '../Along.js';
import type { Since } from '../../Clocks.js';
import { mayBeMadeBy } from '../findTwin.js';
import { textOf } from '../TargetObject.js';
import type { TargetObject } from '../TargetObject.js';
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
    this.unwritten = inside ? [waitOf(intent)] : [];
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
    return notes.some((note) => isOriginNote(note, { ...this.intent, targetIncidentId: id }, this.since));
  }
}

/**
 * Whether this note of the incident's counterpart is the one that the intent is about. It names what could not be carried over, so its
 * words differ where the incident has changed meanwhile.
 */
export function isOriginNote(note: TargetObject, intent: Intent, since: Since): boolean {
  const [said, meant] = [textOf(note), textIn(intent)].map(originOf);
  if (said === undefined || meant === undefined || !mayBeMadeBy(intent, note, since)) return false;
  return said.host === meant.host && said.orgId === meant.orgId && said.incidentId === meant.incidentId;
}

/** For `Settling`: the wait for an unanswered create of the note does not depend on its words. */
export function waitOf<T extends Omit<Intent, 'targetIncidentId'>>(intent: T): T {
  return { ...intent, naturalKey: [] };
}

function textIn({ naturalKey: [text] }: Intent): string {
  return readTextArea(text?.value, undefined)?.text ?? '';
}
