import { hasChanged, incidentKey, isIncident, mayBeBrandNew, mayLeave } from '@soar-feed/core';
import type { FeedEvent, ObjectKey } from '@soar-feed/core';
import { targetType } from '../fields/emailTypes.js';
import { isDeletedNote, repliesOf, threadOf } from '../fields/threads.js';
import { isGivenAgain } from '../mapping/identity.js';
import type { Mapping } from '../mapping/Mapping.js';
import { mustBeCompared } from '../mapping/mustBeCompared.js';
import type { Decision } from './Decision.js';

/** Everything that the decision depends on. */
export interface DecisionInput {
  readonly event: FeedEvent;
  readonly mapping: Mapping | undefined;
  /** Row of the incident that the object belongs to; for an incident the same as `mapping`. */
  readonly incident: Mapping | undefined;
  /** Row of the parent note, artifact or task; absent if the parent is the incident. */
  readonly parent: Mapping | undefined;
  /** The incident filter's verdict; meaningless on other types. */
  readonly matches: boolean;
  /** The incident came from this feed's target. */
  readonly replica: boolean;
  /** Age of the object when the event was observed, ms; absent if its type does not tell. */
  readonly ageMs?: number | undefined;
  readonly deleteIncidents: boolean;
  readonly onUnmatch: 'freeze' | 'close' | 'delete';
}

/** The one place that decides what becomes of an event. Pure. */
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

/** The row stays as long as its object. Without it, a second incident would be made later. */
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

/**
 * Whether the queue will bring all objects of the incident after this event, which is so while it has none yet. The
 * same holds for an incident that was read for one of its objects.
 */
export function isBrandNew(event: FeedEvent, ageMs: number | undefined): boolean {
  const old = !mayBeBrandNew(ageMs);
  // If it has changed since, its objects may have come while it was routed to other feeds.
  return !old && !hasChanged(event) && event.payload['plan_status'] !== 'C';
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
  // The object is back in the source, so its incident is, too, and must come first.
  const isBack = restored && (incident?.state === 'deleted' || incident?.state === 'bypassed');
  const blocked = isBack ? waitFor(incidentKey(event.key)) : blockedByIncident(incident, event.key);
  if (blocked) return blocked;
  if (incident?.flags.frozen) return { do: 'skip', reason: 'frozen' };
  const isFrame = isDeletedNote(event) && repliesOf(event).length > 0;
  // What is deleted anyway needs nothing in its place.
  const isAnother = (isFrame || !isDeletedNote(event)) && mapping !== undefined && isGivenAgain(event, mapping);
  if (isAnother && (mapping.state === 'active' || mapping.state === 'deleted'))
    return missingParent(event, parent) ?? { do: 'replace' };
  if (mapping?.state === 'deleted' && isFrame) return missingParent(event, parent) ?? { do: 'frame' };
  if (mapping?.state === 'deleted' && !restored) return { do: 'skip', reason: 'already deleted' };
  if (mapping?.state === 'bypassed') return { do: 'skip', reason: 'bypassed' };
  if (mapping?.state === 'active') return mappedChild(event, mapping, parent);

  if (isDeletedNote(event) && repliesOf(event).length === 0)
    return { do: 'skip', reason: 'deleted note without replies' };
  const missing = missingParent(event, parent);
  if (missing) return missing;
  // Its replies were deleted with it, or are somewhere else.
  if (mapping?.state === 'deleted' && threadOf(event).length > 0) return { do: 'refill' };
  if (event.key.type !== 'task') return { do: 'create' };
  // Everything below it was deleted with it, and must come again.
  return mapping?.state === 'deleted' ? { do: 'adopt-or-create', resync: true } : { do: 'adopt-or-create' };
}

function waitFor(on: ObjectKey): Decision {
  return { do: 'wait', on };
}

function mappedChild(event: FeedEvent, mapping: Mapping, parent: Mapping | undefined): Decision {
  // A row of IBM's feed is verified at its place in the target, which only the parent's row tells.
  const missing = mapping.verified ? undefined : missingParent(event, parent);
  if (missing) return missing;
  if (isDeletedNote(event)) return mapping.flags.blanked ? { do: 'nothing', why: 'already-deleted' } : { do: 'blank' };
  if (mapping.flags.blanked) return missingParent(event, parent) ?? { do: 'refill' };
  const trusted = mapping.verified && !mustBeCompared(event, mapping);
  if (targetType(event.key.type) === 'attachment' && trusted) return { do: 'nothing', why: 'immutable' };
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
  // A row of IBM's feed is verified when its own object comes. Core fetches that object for those who wait for it.
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
      // The parent is an artifact of a type that the target lacks: its children go to the incident.
      return undefined;
    case 'deleted':
      // The object may outlive its parent, or the parent may be back: core asks the source.
      if (mayLeave(event.parent.type) || event.restored === true) return waitFor(event.parent);
      return { do: 'skip', reason: 'parent deleted' };
    case 'bypassed':
      return { do: 'skip', reason: 'parent deleted' };
    case 'active':
      return parent?.verified ? undefined : waitFor(event.parent);
  }
}
