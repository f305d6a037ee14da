import { describe, expect, it } from '@jest/globals';
import type { FeedEvent, ObjectKey, SoarObject } from '@soar-feed/core';
import { decide } from '../../src/decide/decide.js';
import { repliesOf } from '../../src/fields/threads.js';
import type { DecisionInput } from '../../src/decide/decide.js';
import type { Mapping } from '../../src/mapping/Mapping.js';
import type { MappingFlags } from '../../src/mapping/MappingFlags.js';

const incidentKey: ObjectKey = { orgId: 201, incidentId: 7, type: 'incident', objectId: 7 };
const noteKey: ObjectKey = { ...incidentKey, type: 'note', objectId: 70 };
const taskKey: ObjectKey = { ...incidentKey, type: 'task', objectId: 71 };

function event(key: ObjectKey, payload: SoarObject = {}, more: Partial<FeedEvent> = {}): FeedEvent {
  const schema = { name: key.type, id: 0, kind: 0, displayName: key.type, parentTypes: [], fields: new Map() };
  const rest = { origin: 'queue', operation: 'upsert', workspace: '', observedAtMs: 1_700_000_000_000 } as const;
  return { id: 'e', ...rest, key, payload, schema, ...more };
}

function row(source: ObjectKey, state: Mapping['state'], flags: MappingFlags = {}): Mapping {
  const target = { incidentId: 1007, objectId: 1000 + source.objectId };
  return { source, state, ...(state === 'filtered' ? {} : { target }), digests: {}, flags, verified: true };
}

function decided(input: Partial<DecisionInput> & { event: FeedEvent }): unknown {
  const rest = { matches: true, replica: false, deleteIncidents: true, onUnmatch: 'freeze' } as const;
  return decide({ mapping: undefined, incident: undefined, parent: undefined, ...rest, ...input });
}

describe('what was deleted in the target', () => {
  it('with other objects: the incident is made again where it is one of them', () => {
    const gone = [{ type: 'task', objectId: 3 }, incidentKey];
    const mapping = row(incidentKey, 'active', { gone });
    expect(decided({ event: event(incidentKey), mapping, incident: mapping })).toEqual({ do: 'create', resync: true });
  });

  it('is only others: the incident is updated', () => {
    const mapping = row(incidentKey, 'active', { gone: [{ type: 'task', objectId: 3 }] });
    expect(decided({ event: event(incidentKey), mapping, incident: mapping })).toEqual({ do: 'update', resync: true });
  });
});

describe('dates and versions that are none', () => {
  it.each([{ create_date: '2001-01-01' }, { create_date: null }, { vers: '12' }, { vers: null }])(
    'do not make an incident an old one: %j',
    (payload) => {
      expect(decided({ event: event(incidentKey, payload) })).toEqual({ do: 'create' });
    },
  );
});

describe('what hangs below an object that has no counterpart of its own', () => {
  const incident = row(incidentKey, 'active');

  it('is made: it goes to the incident instead', () => {
    const artifact: ObjectKey = { ...incidentKey, type: 'artifact', objectId: 90 };
    const child = event({ ...artifact, objectId: 91 }, {}, { parent: artifact });
    expect(decided({ event: child, incident, parent: row(artifact, 'filtered') })).toEqual({ do: 'create' });
  });

  it('is not made where the object above it was left out at its delete', () => {
    const child = event(noteKey, {}, { parent: taskKey });
    expect(decided({ event: child, incident, parent: row(taskKey, 'bypassed') })).toEqual({
      ...{ do: 'skip', reason: 'parent deleted' },
    });
  });
});

describe('is_deleted', () => {
  it('says so of a note alone: a row of a table may have a column of that name', () => {
    const key: ObjectKey = { ...incidentKey, type: 'hosts', objectId: 92 };
    const hosts = event(key, { is_deleted: true }, { parent: incidentKey });
    expect(decided({ event: hosts, incident: row(incidentKey, 'active') })).toEqual({ do: 'create' });
  });
});

describe('the replies of a note', () => {
  it('are those that have an id, without the ones that are deleted to the last', () => {
    const deleted = { id: 3, is_deleted: true, children: [{ id: 4, is_deleted: true }] };
    const kept = { id: 5, is_deleted: true, children: [{ id: 6 }] };
    const children = [{ id: 1 }, null, { text: 'no id' }, { id: '2' }, deleted, kept] as never;
    expect(repliesOf(event(noteKey, { children }))).toEqual([1, 5]);
  });

  it.each([undefined, null, 'x', 3, {}])('are none where `children` is %j', (children) => {
    expect(repliesOf(event(noteKey, { children: children as never }))).toEqual([]);
  });
});
