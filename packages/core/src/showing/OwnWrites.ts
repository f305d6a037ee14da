import { createHash } from 'node:crypto';
import { writeJson } from '@soar-feed/soar-client';
import { withoutShown } from '../contract/shownFields.js';
import type { SoarObject } from '../contract/FeedEvent.js';

/** Incidents whose last state is remembered; of others, the message about a write of ours is an ordinary one. */
const KEPT = 20_000;

/** Change with every write, whatever it changes, or with whoever reads: a message has no `perms`. */
const NO_CONTENT = new Set(['vers', 'inc_last_modified_date', 'perms']);

interface Seen {
  readonly vers: number;
  readonly digest: string;
}

interface Written {
  /** The version that we wrote upon. */
  readonly upon: number;
  readonly values: ReadonlyMap<string, unknown>;
}

/**
 * Recognizes the message about what we wrote into the source ourselves. It is ours only if it is the very next version
 * after the one that we wrote upon, holds what we wrote, and is otherwise equal to that version, as a message has shown it
 * or we have read it. Anything else counts as a change, which is harmless: a target finds that nothing differs.
 */
export class OwnWrites {
  private readonly seen = new Map<number, Seen>();
  private readonly written = new Map<number, Written>();

  /** Before the write is sent: its message may be here before its answer. `upon`: the incident as it was read for it. */
  expect(upon: SoarObject, values: ReadonlyMap<string, unknown>): void {
    const { id, vers } = upon;
    if (typeof id !== 'number' || typeof vers !== 'number') return;
    keep(this.written, id, { upon: vers, values });
    const before = this.seen.get(id);
    if (before === undefined || before.vers < vers) keep(this.seen, id, { vers, digest: digestOf(upon) });
  }

  /** Looks at the incident in a message. `true`: the message is about a write of ours, and nothing else changed. */
  isEcho(incident: SoarObject): boolean {
    const { id, vers } = incident;
    if (typeof id !== 'number' || typeof vers !== 'number') return false;
    const now: Seen = { vers, digest: digestOf(incident) };
    const before = this.seen.get(id);
    const isEcho = before !== undefined && this.isOurs(id, incident, before, now);
    // An older message says nothing about the newest state. One of an equal version replaces what was read: messages are
    // what the next one is compared with.
    if (before === undefined || vers >= before.vers) keep(this.seen, id, now);
    return isEcho;
  }

  private isOurs(id: number, incident: SoarObject, before: Seen, now: Seen): boolean {
    const written = this.written.get(id);
    if (written === undefined || written.upon !== before.vers || now.vers !== before.vers + 1) return false;
    const properties = (incident.properties ?? {}) as SoarObject;
    const holdsOurs = [...written.values].every(([name, value]) => (properties[name] ?? null) === value);
    return holdsOurs && now.digest === before.digest;
  }
}

function keep<T>(map: Map<number, T>, id: number, value: T): void {
  map.delete(id);
  map.set(id, value);
  const [oldest] = map.keys();
  if (map.size > KEPT && oldest !== undefined) map.delete(oldest);
}

function digestOf(incident: SoarObject): string {
  const kept = Object.entries(withoutShown(incident)).filter(([name]) => !NO_CONTENT.has(name));
  return createHash('sha1')
    .update(writeJson(Object.fromEntries(kept)))
    .digest('base64');
}
