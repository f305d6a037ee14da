import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FeedEvent, ObjectKey, SoarObject } from '@soar-feed/core';
import { decide } from '../../src/decide/decide.js';
import type { DecisionInput } from '../../src/decide/decide.js';
import type { Decision } from '../../src/decide/Decision.js';
import { identityOf } from '../../src/mapping/identity.js';
import type { Mapping, MappingState } from '../../src/mapping/Mapping.js';
import type { MappingFlags } from '../../src/mapping/MappingFlags.js';

const NOW = 1_700_000_000_000;
const incidentKey: ObjectKey = { orgId: 201, incidentId: 7, type: 'incident', objectId: 7 };
const noteKey: ObjectKey = { ...incidentKey, type: 'note', objectId: 70 };
const taskKey: ObjectKey = { ...incidentKey, type: 'task', objectId: 71 };

function row(source: ObjectKey, state: MappingState, flags: MappingFlags = {}, verified = true): Mapping {
  const target = { incidentId: 1007, objectId: 1000 + source.objectId };
  return { source, state, ...(state === 'filtered' ? {} : { target }), digests: {}, flags, verified };
}

function event(key: ObjectKey, payload: SoarObject = {}, more: Partial<FeedEvent> = {}): FeedEvent {
  const schema = { name: key.type, id: 0, kind: 0, displayName: key.type, parentTypes: [], fields: new Map() };
  return {
    id: 'e',
    origin: 'queue',
    operation: 'upsert',
    key,
    workspace: '',
    observedAtMs: NOW,
    payload,
    schema,
    ...more,
  };
}

type Case = [name: string, input: Partial<DecisionInput> & { event: FeedEvent }, expected: Decision];

function run(cases: readonly Case[]): void {
  it.each(cases)('%s', (_name, input, expected) => {
    const all = {
      mapping: undefined,
      incident: undefined,
      parent: undefined,
      matches: true,
      replica: false,
      deleteIncidents: true,
      onUnmatch: 'freeze' as const,
    };
    const { observedAtMs, payload } = input.event;
    const created = payload['create_date'];
    const ageMs = typeof created === 'number' ? observedAtMs - created : undefined;
    expect(decide({ ...all, ageMs, ...input })).toEqual(expected);
  });
}

const fresh = { create_date: NOW - 1_000, plan_status: 'A' };
const followed = { followedByObjects: true } as const;
const incident = (mapping: Mapping | undefined) => ({ mapping, incident: mapping });

describe('an incident that is there', () => {
  run([
    ['unknown and new: created', { event: event(incidentKey, fresh) }, { do: 'create' }],
    [
      'unknown and a minute old: created, loaded whole',
      { event: event(incidentKey, { create_date: NOW - 60_001 }) },
      { do: 'create', resync: true },
    ],
    [
      'unknown and a minute old to the ms: still new',
      { event: event(incidentKey, { create_date: NOW - 60_000 }) },
      { do: 'create' },
    ],
    [
      'unknown, new and changed already: loaded whole, as it may have come from another workspace',
      { event: event(incidentKey, { ...fresh, vers: 2 }) },
      { do: 'create', resync: true },
    ],
    ['unknown, new and as it was made', { event: event(incidentKey, { ...fresh, vers: 1 }) }, { do: 'create' }],
    [
      'unknown and closed already: loaded whole',
      { event: event(incidentKey, { ...fresh, plan_status: 'C' }) },
      { do: 'create', resync: true },
    ],
    [
      'old, but a reload brings its objects',
      { event: event(incidentKey, { create_date: 1 }, { origin: 'reload', ...followed }) },
      { do: 'create' },
    ],
    [
      'old, read because a child of it came',
      { event: event(incidentKey, { create_date: 1 }, { origin: 'reload' }) },
      { do: 'create', resync: true },
    ],
    [
      'old, replayed: loaded whole',
      { event: event(incidentKey, { create_date: 1 }, { origin: 'replay' }) },
      { do: 'create', resync: true },
    ],
    [
      'unknown, does not match',
      { event: event(incidentKey, fresh), matches: false },
      { do: 'skip', reason: 'filtered', mark: 'filtered' },
    ],
    [
      'filtered, does not match',
      { event: event(incidentKey), ...incident(row(incidentKey, 'filtered')), matches: false },
      { do: 'skip', reason: 'filtered' },
    ],
    [
      'filtered, matches now',
      { event: event(incidentKey, fresh), ...incident(row(incidentKey, 'filtered')) },
      { do: 'create', resync: true },
    ],
    [
      'filtered, matches now, by a reload',
      {
        event: event(incidentKey, fresh, { origin: 'reload', ...followed }),
        ...incident(row(incidentKey, 'filtered')),
      },
      { do: 'create' },
    ],
    [
      'a replica',
      { event: event(incidentKey, fresh), replica: true },
      { do: 'skip', reason: 'replica', mark: 'replica' },
    ],
    [
      'a replica that does not match',
      { event: event(incidentKey, fresh), replica: true, matches: false },
      { do: 'skip', reason: 'replica', mark: 'replica' },
    ],
    [
      'a known replica',
      { event: event(incidentKey), replica: true, ...incident(row(incidentKey, 'filtered', { replica: true })) },
      { do: 'skip', reason: 'replica' },
    ],
    [
      'once a replica, not any more, does not match',
      { event: event(incidentKey), matches: false, ...incident(row(incidentKey, 'filtered', { replica: true })) },
      { do: 'skip', reason: 'filtered', mark: 'filtered' },
    ],
    [
      'filtered before, a replica now',
      { event: event(incidentKey), replica: true, ...incident(row(incidentKey, 'filtered')) },
      { do: 'skip', reason: 'replica', mark: 'replica' },
    ],
    ['mapped: updated', { event: event(incidentKey), ...incident(row(incidentKey, 'active')) }, { do: 'update' }],
    [
      'mapped and its references name the target: ours all the same',
      { event: event(incidentKey), replica: true, ...incident(row(incidentKey, 'active')) },
      { do: 'update' },
    ],
    [
      'mapped, does not match: frozen, never filtered',
      { event: event(incidentKey), matches: false, ...incident(row(incidentKey, 'active')) },
      { do: 'skip', reason: 'frozen', mark: 'frozen' },
    ],
    [
      'does not match, to be closed',
      { event: event(incidentKey), matches: false, onUnmatch: 'close', ...incident(row(incidentKey, 'active')) },
      { do: 'unmatch', how: 'close' },
    ],
    [
      'its closing was begun: done to the end, whatever the config says now',
      { event: event(incidentKey), matches: false, ...incident(row(incidentKey, 'active', { closeDue: true })) },
      { do: 'unmatch', how: 'close' },
    ],
    [
      'closed when it stopped matching: stays as it is',
      {
        event: event(incidentKey),
        matches: false,
        onUnmatch: 'close',
        ...incident(row(incidentKey, 'active', { frozen: true })),
      },
      { do: 'skip', reason: 'frozen' },
    ],
    [
      'does not match, to be deleted',
      { event: event(incidentKey), matches: false, onUnmatch: 'delete', ...incident(row(incidentKey, 'active')) },
      { do: 'unmatch', how: 'delete' },
    ],
    [
      'frozen, does not match',
      { event: event(incidentKey), matches: false, ...incident(row(incidentKey, 'active', { frozen: true })) },
      { do: 'skip', reason: 'frozen' },
    ],
    [
      'frozen, matches again',
      { event: event(incidentKey), ...incident(row(incidentKey, 'active', { frozen: true })) },
      { do: 'update', thaw: true, resync: true },
    ],
    [
      'frozen, matches again, by a reload',
      { event: event(incidentKey, {}, followed), ...incident(row(incidentKey, 'active', { frozen: true })) },
      { do: 'update', thaw: true },
    ],
    [
      'to be loaded whole yet',
      { event: event(incidentKey), ...incident(row(incidentKey, 'active', { resyncDue: true })) },
      { do: 'update', resync: true },
    ],
    [
      'to be loaded whole, and that is it',
      { event: event(incidentKey, {}, followed), ...incident(row(incidentKey, 'active', { resyncDue: true })) },
      { do: 'update' },
    ],
    [
      'of which something was deleted in the target',
      { event: event(incidentKey), ...incident(row(incidentKey, 'active', { gone: [{ type: 'task', objectId: 7 }] })) },
      { do: 'update', resync: true },
    ],
    [
      'deleted in the target itself',
      {
        event: event(incidentKey),
        ...incident(row(incidentKey, 'active', { gone: [{ type: 'incident', objectId: 1 }] })),
      },
      { do: 'create', resync: true },
    ],
    [
      'deleted in the target itself, by a reload',
      {
        event: event(incidentKey, {}, followed),
        ...incident(row(incidentKey, 'active', { gone: [{ type: 'incident', objectId: 1 }] })),
      },
      { do: 'create' },
    ],
    [
      'deleted before',
      { event: event(incidentKey), ...incident(row(incidentKey, 'deleted')) },
      { do: 'skip', reason: 'already deleted' },
    ],
    [
      'bypassed',
      { event: event(incidentKey), ...incident(row(incidentKey, 'bypassed')) },
      { do: 'skip', reason: 'bypassed' },
    ],
  ]);
});

describe('an incident that was deleted', () => {
  const gone = event(incidentKey, {}, { operation: 'delete' });
  run([
    ['unknown', { event: gone }, { do: 'nothing', why: 'not-in-target' }],
    ['filtered', { event: gone, ...incident(row(incidentKey, 'filtered')) }, { do: 'nothing', why: 'not-in-target' }],
    ['mapped', { event: gone, ...incident(row(incidentKey, 'active')) }, { do: 'delete' }],
    [
      'frozen: it will never match again',
      { event: gone, ...incident(row(incidentKey, 'active', { frozen: true })) },
      { do: 'delete' },
    ],
    [
      'mapped, delete_incidents off',
      { event: gone, deleteIncidents: false, ...incident(row(incidentKey, 'active')) },
      { do: 'bypass' },
    ],
    [
      'deleted before',
      { event: gone, ...incident(row(incidentKey, 'deleted')) },
      { do: 'nothing', why: 'already-deleted' },
    ],
    ['bypassed', { event: gone, ...incident(row(incidentKey, 'bypassed')) }, { do: 'skip', reason: 'bypassed' }],
  ]);
});

const there = { incident: row(incidentKey, 'active') };

describe('an object of an incident that is there', () => {
  const note = event(noteKey, {}, { parent: incidentKey });
  const artifactKey: ObjectKey = { ...noteKey, type: 'artifact', objectId: 90 };
  const belowKey = { ...artifactKey, objectId: 91 };
  const reply = event({ ...noteKey, objectId: 72 }, {}, { parent: noteKey });
  const fileKey: ObjectKey = { ...noteKey, type: 'attachment', objectId: 92 };
  const writtenFrom = (older: FeedEvent): Mapping => ({ ...row(older.key, 'active'), digests: identityOf(older) });
  run([
    ['before its incident', { event: note }, { do: 'wait', on: incidentKey }],
    [
      "with an incident of IBM's feed that nobody checked",
      { event: note, incident: row(incidentKey, 'active', {}, false) },
      { do: 'wait', on: incidentKey },
    ],
    [
      'of a filtered incident',
      { event: note, incident: row(incidentKey, 'filtered') },
      { do: 'skip', reason: 'filtered' },
    ],
    [
      'of a replica',
      { event: note, incident: row(incidentKey, 'filtered', { replica: true }) },
      { do: 'skip', reason: 'replica' },
    ],
    [
      'of a bypassed incident',
      { event: note, incident: row(incidentKey, 'bypassed') },
      { do: 'skip', reason: 'bypassed' },
    ],
    [
      'of a deleted incident',
      { event: note, incident: row(incidentKey, 'deleted') },
      { do: 'skip', reason: 'parent deleted' },
    ],
    [
      'of a frozen incident',
      { event: note, incident: row(incidentKey, 'active', { frozen: true }) },
      { do: 'skip', reason: 'frozen' },
    ],
    ['unmapped', { event: note, ...there }, { do: 'create' }],
    [
      "filtered by IBM's feed, its incident is not",
      { event: note, ...there, mapping: row(noteKey, 'filtered') },
      { do: 'create' },
    ],
    ['mapped', { event: note, ...there, mapping: row(noteKey, 'active') }, { do: 'update' }],
    [
      'mapped, its parent unknown: not needed any more',
      { event: reply, ...there, mapping: row(reply.key, 'active') },
      { do: 'update' },
    ],
    [
      "mapped by IBM's feed, its parent unknown: it says where to look",
      { event: reply, ...there, mapping: row(reply.key, 'active', {}, false) },
      { do: 'wait', on: noteKey },
    ],
    [
      'deleted before',
      { event: note, ...there, mapping: row(noteKey, 'deleted') },
      { do: 'skip', reason: 'already deleted' },
    ],
    ['bypassed', { event: note, ...there, mapping: row(noteKey, 'bypassed') }, { do: 'skip', reason: 'bypassed' }],
    ['a task', { event: event(taskKey, {}, { parent: incidentKey }), ...there }, { do: 'adopt-or-create' }],
    ['a reply before its note', { event: reply, ...there }, { do: 'wait', on: noteKey }],
    [
      "a reply to a note of IBM's feed",
      { event: reply, ...there, parent: row(noteKey, 'active', {}, false) },
      { do: 'wait', on: noteKey },
    ],
    ['a reply after its note', { event: reply, ...there, parent: row(noteKey, 'active') }, { do: 'create' }],
    [
      'a reply to a blank frame',
      { event: reply, ...there, parent: row(noteKey, 'active', { blanked: true }) },
      { do: 'create' },
    ],
    [
      'an artifact below a deleted one, which it may outlive',
      { event: event(belowKey, {}, { parent: artifactKey }), ...there, parent: row(artifactKey, 'deleted') },
      { do: 'wait', on: artifactKey },
    ],
    [
      'a reply to a deleted note: it may outlive it, which only the source can tell',
      { event: reply, ...there, parent: row(noteKey, 'deleted') },
      { do: 'wait', on: noteKey },
    ],
    [
      'a reply to a bypassed note',
      { event: reply, ...there, parent: row(noteKey, 'bypassed') },
      { do: 'skip', reason: 'parent deleted' },
    ],
    [
      'an artifact below one that the target cannot hold: it goes to the incident',
      { event: reply, ...there, parent: row(noteKey, 'filtered') },
      { do: 'create' },
    ],
    [
      'a mapped attachment: its content never changes',
      { event: event({ ...noteKey, type: 'attachment' }), ...there, mapping: row(noteKey, 'active') },
      { do: 'nothing', why: 'immutable' },
    ],
    [
      'an attachment whose id belonged to another one before',
      { event: event(fileKey, { name: 'b' }), ...there, mapping: writtenFrom(event(fileKey, { name: 'a' })) },
      { do: 'replace' },
    ],
    [
      'a note whose id belonged to a reply before',
      { event: event(noteKey, { parent_id: null }), ...there, mapping: writtenFrom(reply) },
      { do: 'replace' },
    ],
    [
      'a reply whose id belonged to another note before, while its own note is not there yet',
      { event: reply, ...there, mapping: writtenFrom(event(reply.key, { parent_id: null })) },
      { do: 'wait', on: noteKey },
    ],
    [
      'the same as a frame of its replies',
      {
        event: event(noteKey, { parent_id: null, is_deleted: true, children: [{ id: 1 }] }),
        ...there,
        mapping: writtenFrom(reply),
      },
      { do: 'replace' },
    ],
    [
      'the same, deleted already',
      { event: event(noteKey, { parent_id: null, is_deleted: true }), ...there, mapping: writtenFrom(reply) },
      { do: 'blank' },
    ],
    [
      'the same, in a frozen incident',
      {
        event: event(noteKey, { parent_id: null }),
        incident: row(incidentKey, 'active', { frozen: true }),
        mapping: writtenFrom(reply),
      },
      { do: 'skip', reason: 'frozen' },
    ],
    [
      'a mapped note of which the row does not say what it was',
      { event: event(noteKey, { parent_id: null }), ...there, mapping: row(noteKey, 'active') },
      { do: 'update' },
    ],
    [
      "an attachment mapped by IBM's feed: checked once",
      { event: event({ ...noteKey, type: 'attachment' }), ...there, mapping: row(noteKey, 'active', {}, false) },
      { do: 'update' },
    ],
    [
      'a deleted note, mapped',
      { event: event(noteKey, { is_deleted: true }), ...there, mapping: row(noteKey, 'active') },
      { do: 'blank' },
    ],
    [
      'a deleted note, blank already',
      { event: event(noteKey, { is_deleted: true }), ...there, mapping: row(noteKey, 'active', { blanked: true }) },
      { do: 'nothing', why: 'already-deleted' },
    ],
    [
      'a blank frame whose note lives again',
      { event: event(noteKey, { is_deleted: false }), ...there, mapping: row(noteKey, 'active', { blanked: true }) },
      { do: 'refill' },
    ],
    [
      'the same below a note that is not there yet',
      { event: reply, ...there, mapping: row(reply.key, 'active', { blanked: true }) },
      { do: 'wait', on: noteKey },
    ],
    [
      'a deleted note that stands there again with a reply',
      {
        event: event(noteKey, { children: [{ id: 1 }] }, { restored: true }),
        ...there,
        mapping: row(noteKey, 'deleted'),
      },
      { do: 'refill' },
    ],
    [
      'a note at another place, with the id of one that was deleted: of a restored source',
      {
        event: event(noteKey, { parent_id: null }),
        ...there,
        mapping: {
          ...row(noteKey, 'deleted'),
          digests: identityOf(event(noteKey, {}, { parent: { ...noteKey, objectId: 5 } })),
        },
      },
      { do: 'replace' },
    ],
    [
      'a deleted note that stands there again without replies',
      { event: event(noteKey, { children: [] }, { restored: true }), ...there, mapping: row(noteKey, 'deleted') },
      { do: 'create' },
    ],
    [
      'a deleted note with a reply',
      { event: event(noteKey, { is_deleted: true, children: [{ id: 1 }] }), ...there },
      { do: 'create' },
    ],
    [
      'a deleted note with nothing but deleted replies',
      { event: event(noteKey, { is_deleted: true, children: [{ id: 1, is_deleted: true, children: [] }] }), ...there },
      { do: 'skip', reason: 'deleted note without replies' },
    ],
    [
      'a deleted note',
      { event: event(noteKey, { is_deleted: true }), ...there },
      { do: 'skip', reason: 'deleted note without replies' },
    ],
  ]);
});

describe('an object of an incident that was deleted', () => {
  const gone = event(noteKey, {}, { operation: 'delete' });
  run([
    ['unknown: never waits', { event: gone }, { do: 'nothing', why: 'not-in-target' }],
    ['filtered', { event: gone, ...there, mapping: row(noteKey, 'filtered') }, { do: 'nothing', why: 'not-in-target' }],
    ['mapped', { event: gone, ...there, mapping: row(noteKey, 'active') }, { do: 'delete' }],
    ['mapped, its incident unknown', { event: gone, mapping: row(noteKey, 'active') }, { do: 'delete' }],
    [
      'deleted before',
      { event: gone, ...there, mapping: row(noteKey, 'deleted') },
      { do: 'nothing', why: 'already-deleted' },
    ],
    ['bypassed', { event: gone, ...there, mapping: row(noteKey, 'bypassed') }, { do: 'skip', reason: 'bypassed' }],
    [
      'of a bypassed incident',
      { event: gone, incident: row(incidentKey, 'bypassed'), mapping: row(noteKey, 'active') },
      { do: 'skip', reason: 'bypassed' },
    ],
    [
      'of a frozen incident: kept for later',
      { event: gone, incident: row(incidentKey, 'active', { frozen: true }), mapping: row(noteKey, 'active') },
      { do: 'skip', reason: 'frozen', mark: 'delete-due' },
    ],
  ]);
});

describe('whatever comes', () => {
  const states = fc.constantFrom<MappingState | undefined>(undefined, 'active', 'filtered', 'deleted', 'bypassed');
  const flags = fc.record(
    { frozen: fc.constant(true as const), replica: fc.constant(true as const), resyncDue: fc.constant(true as const) },
    { requiredKeys: [] },
  );
  const mapping = (key: ObjectKey) =>
    fc.tuple(states, flags, fc.boolean()).map(([state, marks, verified]) => state && row(key, state, marks, verified));
  const inputs = fc.record({
    event: fc
      .tuple(fc.constantFrom(incidentKey, noteKey, taskKey), fc.constantFrom<'upsert' | 'delete'>('upsert', 'delete'))
      .map(([key, operation]) =>
        event(key, fresh, { operation, ...(key === incidentKey ? {} : { parent: incidentKey }) }),
      ),
    own: mapping(noteKey),
    incidentRow: mapping(incidentKey),
    matches: fc.boolean(),
    replica: fc.boolean(),
    deleteIncidents: fc.boolean(),
    onUnmatch: fc.constantFrom<'freeze' | 'close' | 'delete'>('freeze', 'close', 'delete'),
  });

  it('an active row is never filtered away, and nothing is created that is mapped', () => {
    fc.assert(
      fc.property(inputs, ({ own, incidentRow, ...input }) => {
        const isIncident = input.event.key.type === 'incident';
        const known = isIncident ? incidentRow : own;
        const decision = decide({ ...input, mapping: known, incident: incidentRow, parent: undefined });
        if (known?.state === 'active') {
          expect(decision.do).not.toBe('create');
          expect(decision.do).not.toBe('adopt-or-create');
          if (decision.do === 'skip') expect([undefined, 'frozen', 'delete-due']).toContain(decision.mark);
        }
        if (known?.state !== 'active') expect(['update', 'delete', 'bypass', 'blank']).not.toContain(decision.do);
        if (!input.deleteIncidents && isIncident) expect(decision.do).not.toBe('delete');
        if (!isIncident && input.event.operation === 'upsert' && incidentRow?.state !== 'active') {
          expect(['wait', 'skip']).toContain(decision.do);
        }
      }),
    );
  });
});
