import { incidentKey, isIncident, mayBeBrandNew, mayLeave } from '@soar-feed/core';
import type { FeedEvent, ObjectKey } from '@soar-feed/core';
import type { Mapping } from '../mapping/Mapping.js';
import type { Decision } from './Decision.js';

/** All that the decision depends on. */
export interface DecisionInput {
  readonly event: FeedEvent;
  readonly mapping: Mapping | undefined;
  /** Of the incident the object belongs to; on an incident the same as `mapping`. */
  readonly incident: Mapping | undefined;
  /** Of the parent note, artifact or task; absent where the parent is the incident. */
  readonly parent: Mapping | undefined;
  /** The incident filter's verdict; meaningless on other types. */
  readonly matches: boolean;
  /** The incident came from this feed's target. */
  readonly replica: boolean;
  /** How long before the event the source made its object, ms; absent where it does not say so. */
  readonly ageMs?: number | undefined;
  readonly deleteIncidents: boolean;
  readonly onUnmatch: 'freeze' | 'close' | 'delete';
}

/** Where a server begins to count higher, new incidents are loaded whole: more requests, and nothing else. */
const FIRST_VERSION = 1;

/** The one place that says what becomes of an event. Pure. */
export function decide(input: DecisionInput): Decision {
  const upsert = input.event.operation === 'upsert';
  if (isIncident(input.event.key)) return upsert ? incidentUpsert(input) : incidentDelete(input);
  return upsert ? childUpsert(input) : childDelete(input);
}

function incidentUpsert({ event, mapping, matches, replica, ageMs, onUnmatch }: DecisionInput): Decision {
  const restored = event.restored === true;
  if (mapping?.state === 'deleted' && !restored) return { do: 'skip', reason: 'already deleted' };
  if (mapping?.state === 'bypassed') return restored ? { do: 'revive' } : { do: 'skip', reason: 'bypassed' };
  if (mapping?.state === 'active')
    return matches ? matchingIncident(event, mapping) : unmatchedIncident(mapping, onUnmatch);
  if (replica)
    return mapping?.flags.replica
      ? { do: 'skip', reason: 'replica' }
      : { do: 'skip', reason: 'replica', mark: 'replica' };
  if (!matches) {
    const known = mapping?.state === 'filtered' && mapping.flags.replica === undefined;
    return known ? { do: 'skip', reason: 'filtered' } : { do: 'skip', reason: 'filtered', mark: 'filtered' };
  }
  const whole = mapping !== undefined || !isBrandNew(event, ageMs);
  return whole && event.followedByObjects !== true ? { do: 'create', resync: true } : { do: 'create' };
}

/** The mapping is kept while its object is: losing it would make a second incident later. */
function unmatchedIncident({ flags }: Mapping, onUnmatch: DecisionInput['onUnmatch']): Decision {
  if (flags.closeDue) return { do: 'unmatch', how: 'close' };
  if (flags.frozen) return { do: 'skip', reason: 'frozen' };
  return onUnmatch === 'freeze' ? { do: 'skip', reason: 'frozen', mark: 'frozen' } : { do: 'unmatch', how: onUnmatch };
}

function matchingIncident(event: FeedEvent, { flags }: Mapping): Decision {
  const resync = (flags.frozen || flags.resyncDue || flags.gone) && event.followedByObjects !== true;
  if (flags.gone?.some(({ type }) => type === event.key.type))
    return { do: 'create', ...(resync ? { resync: true } : {}) };
  return { do: 'update', ...(flags.frozen ? { thaw: true } : {}), ...(resync ? { resync: true } : {}) };
}

/** An event of the queue brings the objects after it only while the incident has none yet; so does one read for a child. */
export function isBrandNew(event: FeedEvent, ageMs: number | undefined): boolean {
  const old = !mayBeBrandNew(ageMs);
  // Changed since: its objects may have come while it was routed elsewhere.
  const { vers: version } = event.payload;
  const changed = typeof version === 'number' && version > FIRST_VERSION;
  return !old && !changed && event.payload['plan_status'] !== 'C';
}

function incidentDelete({ mapping, deleteIncidents }: DecisionInput): Decision {
  switch (mapping?.state) {
    case 'active':
      return deleteIncidents ? { do: 'delete' } : { do: 'bypass' };
    case 'bypassed':
      return { do: 'skip', reason: 'bypassed' };
    case 'deleted':
      return { do: 'nothing', why: 'already-deleted' };
    case 'filtered':
    case undefined:
      return { do: 'nothing', why: 'not-in-target' };
  }
}

function childUpsert({ event, mapping, incident, parent }: DecisionInput): Decision {
  const restored = event.restored === true;
  // It stands in the source: so does its incident, which must come first.
  const isBack = restored && (incident?.state === 'deleted' || incident?.state === 'bypassed');
  const blocked = isBack ? waitFor(incidentKey(event.key)) : blockedByIncident(incident, event.key);
  if (blocked) return blocked;
  if (incident?.flags.frozen) return { do: 'skip', reason: 'frozen' };
  const isFrame = isDeletedNote(event) && repliesOf(event).length > 0;
  if (mapping?.state === 'deleted' && isFrame) return missingParent(event, parent) ?? { do: 'frame' };
  if (mapping?.state === 'deleted' && !restored) return { do: 'skip', reason: 'already deleted' };
  if (mapping?.state === 'bypassed') return { do: 'skip', reason: 'bypassed' };
  if (mapping?.state === 'active') return mappedChild(event, mapping, parent);

  if (isDeletedNote(event) && repliesOf(event).length === 0)
    return { do: 'skip', reason: 'deleted note without replies' };
  const missing = missingParent(event, parent);
  if (missing) return missing;
  // Its replies went with it, or hang elsewhere.
  if (mapping?.state === 'deleted' && threadOf(event).length > 0) return { do: 'refill' };
  if (event.key.type !== 'task') return { do: 'create' };
  // What stood below it went with it, and must come again.
  return mapping?.state === 'deleted' ? { do: 'adopt-or-create', resync: true } : { do: 'adopt-or-create' };
}

function waitFor(on: ObjectKey): Decision {
  return { do: 'wait', on };
}

function mappedChild(event: FeedEvent, mapping: Mapping, parent: Mapping | undefined): Decision {
  // IBM's row must be checked at its place, and that is known by its parent's.
  const missing = mapping.verified ? undefined : missingParent(event, parent);
  if (missing) return missing;
  if (isDeletedNote(event)) return mapping.flags.blanked ? { do: 'nothing', why: 'already-deleted' } : { do: 'blank' };
  if (mapping.flags.blanked) return missingParent(event, parent) ?? { do: 'refill' };
  if (event.key.type === 'attachment' && mapping.verified) return { do: 'nothing', why: 'immutable' };
  return { do: 'update' };
}

function childDelete({ event, mapping, incident }: DecisionInput): Decision {
  if (mapping === undefined || mapping.state === 'filtered') return { do: 'nothing', why: 'not-in-target' };
  if (mapping.state === 'deleted') return { do: 'nothing', why: 'already-deleted' };
  const blocked = blockedByIncident(incident, event.key);
  if (blocked?.do === 'skip') return blocked;
  if (mapping.state === 'bypassed') return { do: 'skip', reason: 'bypassed' };
  if (incident?.flags.frozen) return { do: 'skip', reason: 'frozen', mark: 'delete-due' };
  return { do: 'delete' };
}

function blockedByIncident(incident: Mapping | undefined, key: ObjectKey): Decision | undefined {
  // A row of IBM's feed is checked when its own object comes; core fetches that for those who wait.
  if (incident?.state === 'active' && !incident.verified) return waitFor(incidentKey(key));
  switch (incident?.state) {
    case undefined:
      return waitFor(incidentKey(key));
    case 'filtered':
      return { do: 'skip', reason: incident?.flags.replica ? 'replica' : 'filtered' };
    case 'bypassed':
      return { do: 'skip', reason: 'bypassed' };
    case 'deleted':
      return { do: 'skip', reason: 'parent deleted' };
    case 'active':
      return undefined;
  }
}

function missingParent(event: FeedEvent, parent: Mapping | undefined): Decision | undefined {
  if (event.parent === undefined || isIncident(event.parent)) return undefined;
  switch (parent?.state) {
    case undefined:
      return waitFor(event.parent);
    case 'filtered':
      // An artifact of a type the target lacks: what hangs under it goes to the incident instead.
      return undefined;
    case 'deleted':
      // It may outlive what was above it, or that may be back: core asks the source.
      if (mayLeave(event.parent.type) || event.restored === true) return waitFor(event.parent);
      return { do: 'skip', reason: 'parent deleted' };
    case 'bypassed':
      return { do: 'skip', reason: 'parent deleted' };
    case 'active':
      return parent?.verified ? undefined : waitFor(event.parent);
  }
}

function isDeletedNote(event: FeedEvent): boolean {
  return event.key.type === 'note' && event.payload['is_deleted'] === true;
}

/** Source ids of the direct replies, where the event tells them; without those that are deleted to the last. */
export function repliesOf(event: FeedEvent): readonly number[] {
  return childrenOf(event.payload)
    .filter(isKept)
    .map(({ id }) => id);
}

/** Source ids of all below a note, where the event tells them: a note before its replies. */
export function threadOf({ key, payload }: FeedEvent): readonly number[] {
  const below = (note: { readonly children?: unknown }): number[] =>
    childrenOf(note).flatMap((reply) => [reply.id, ...below(reply)]);
  return key.type === 'note' ? below(payload) : [];
}

interface Reply {
  readonly id: number;
  readonly is_deleted?: unknown;
  readonly children?: unknown;
}

function childrenOf({ children }: { readonly children?: unknown }): readonly Reply[] {
  return Array.isArray(children) ? (children as readonly Reply[]).filter((child) => typeof child?.id === 'number') : [];
}

function isKept(reply: Reply): boolean {
  return reply.is_deleted !== true || childrenOf(reply).some(isKept);
}
