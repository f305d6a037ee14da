import { isIncident, taskIdOf } from '@soar-feed/core';
import type { FeedEvent, ObjectKey, Replies } from '@soar-feed/core';
import { contentOf } from './contentOf.js';
import type { SplunkFeedSection } from './config.js';
import { hecEvent } from './hecEvent.js';
import { idText } from './idText.js';
import { hashOf, membersOf } from './members.js';
import type { MembersOptions } from './members.js';
import type { Sent, SentStore } from './SentStore.js';

/** An event to send, and what is known once Splunk has it. */
export interface ToSend {
  readonly text: string;
  readonly sent: Sent;
}

export interface Planned {
  /** `[]`: Splunk has it already. */
  readonly sends: readonly ToSend[];
  readonly change: 'created' | 'updated' | 'deleted' | 'unchanged';
}

export interface PlanParts {
  readonly section: SplunkFeedSection;
  readonly members: MembersOptions;
  readonly store: Pick<SentStore, 'below'>;
  readonly replies: Pick<Replies, 'gone'>;
  now(): number;
}

const NOTHING: Planned = { sends: [], change: 'unchanged' };

/** Decides what is sent for an event, by what was sent before. */
export class Plan {
  /** What was sent of the objects, as it will be when the plan is carried out. */
  private readonly known: Map<string, Sent>;

  constructor(
    private readonly parts: PlanParts,
    known: ReadonlyMap<string, Sent>,
  ) {
    this.known = new Map(known);
  }

  async upsert(event: FeedEvent, signal: AbortSignal): Promise<Planned> {
    const { section, members: options } = this.parts;
    const last = this.known.get(idText(event.key));
    const members = membersOf(event, options);
    const hash = hashOf(members, section.sourcetype_prefix + event.key.type);
    if (last !== undefined && !last.isDeleted && last.hash === hash) return NOTHING;
    const isFile = section.content === 'base64' && event.content !== undefined;
    const content = isFile ? { content: await contentOf(event.content, section.max_content, signal) } : {};
    const taskId = taskIdOf(event);
    const sent = this.next(event, {
      key: event.key,
      hash,
      isDeleted: false,
      ...(taskId === undefined ? {} : { taskId }),
    });
    const meaning = { key: event.key, op: 'upsert', version: sent.version } as const;
    const text = hecEvent(event, meaning, { ...members, ...content }, section, this.parts.now());
    return { sends: [{ text, sent }], change: last === undefined || last.isDeleted ? 'created' : 'updated' };
  }

  /** A tombstone for the object, and for what hung below it: the platform sends no deletes for that. */
  async delete(event: FeedEvent): Promise<Planned> {
    const { key } = event;
    const hanging = isIncident(key) || key.type === 'task' ? await this.parts.store.below(key) : [];
    const replies = await this.parts.replies.gone(event);
    const keys = [key, ...replies, ...hanging.map((child) => child.key)];
    const alive = keys.filter((one) => {
      const last = this.known.get(idText(one));
      // A source restored from a backup gives ids again: the object of this id is another incident's by now.
      if (last !== undefined && !last.isDeleted && last.key.incidentId !== one.incidentId) return false;
      // A tombstone whose end is not known is sent again.
      return last?.isDeleted !== true || last.hash === '';
    });
    if (alive.length === 0) return NOTHING;
    const versions = new Map(hanging.map((child) => [idText(child.key), child]));
    const sends = alive.map((one) => this.tombstone(event, one, versions.get(idText(one))));
    return { sends, change: 'deleted' };
  }

  private tombstone(event: FeedEvent, key: ObjectKey, before: Sent | undefined): ToSend {
    const sent = this.next(event, { key, hash: 'deleted', isDeleted: true }, before);
    const meaning = { key, op: 'delete', version: sent.version } as const;
    const members = { id: key.objectId, inc_id: key.incidentId, deleted: true };
    return { text: hecEvent(event, meaning, members, this.parts.section, this.parts.now()), sent };
  }

  /** Every event of an object has a higher version than the one before, also when the source goes back. */
  private next({ observedAtMs }: FeedEvent, sent: Omit<Sent, 'version'>, before?: Sent): Sent {
    const last = this.known.get(idText(sent.key)) ?? before;
    const next = { ...sent, version: Math.max(Math.floor(observedAtMs), (last?.version ?? 0) + 1) };
    // Not known to be there before it was sent.
    this.known.set(idText(sent.key), { ...next, hash: '' });
    return next;
  }
}
