import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { EventListener, PassingEvent } from '@soar-feed/core/runtime';
import { ChangedFields } from '../../src/tap/ChangedFields.js';
import type { TapLine } from '../../src/tap/TapLine.js';
import { TapStream } from '../../src/tap/TapStream.js';
import type { TapOptions } from '../../src/tap/TapStream.js';

const passing = (more: Partial<PassingEvent> = {}): PassingEvent => ({
  ...{ atMs: 1, feed: 'one', type: 'note', objectId: 5, incidentId: 7, operation: 'upsert', origin: 'queue' },
  ...{ outcome: 'updated', ms: 40 },
  ...more,
});

function tap(more: Partial<TapOptions> = {}) {
  const listeners = new Set<EventListener>();
  const ending = new AbortController();
  const events = {
    listen: (listener: EventListener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const stream = new TapStream(events, { filter: {}, fields: false, format: 'lines', ending: ending.signal, ...more });
  const tell: EventListener = (...event) => listeners.forEach((listener) => listener(...event));
  return { stream, tell, ending, listeners };
}

async function allOf(stream: TapStream): Promise<readonly TapLine[]> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as TapLine);
}

describe('a stream of events', () => {
  it('says that it listens, brings what the filter wants, and ends with the host', async () => {
    const { stream, tell, ending, listeners } = tap({ filter: { incident: 7, feed: 'one', type: 'note' } });
    tell(passing());
    for (const other of [{ incidentId: 8 }, { feed: 'two' }, { type: 'task' }]) tell(passing(other));
    const received = passing({ outcome: 'received' });
    const { feed: _, ...ofNoFeed } = received;
    tell(ofNoFeed);
    ending.abort();
    expect(await allOf(stream)).toEqual([
      { kind: 'listening', atMs: expect.any(Number) },
      { kind: 'event', ...passing() },
      { kind: 'end' },
    ]);
    expect(listeners.size).toBe(0);
  });

  it('keeps a bounded number of events for a reader who does not read, and counts the others', async () => {
    const { stream, tell, ending } = tap();
    for (let at = 0; at < 5_000; at += 1) tell(passing({ objectId: at }));
    ending.abort();
    const lines = await allOf(stream);
    expect(lines.filter(({ kind }) => kind === 'event')).toHaveLength(1_000);
    expect(lines.at(-2)).toEqual({ kind: 'dropped', events: 4_000 });
    expect(lines.at(-1)).toEqual({ kind: 'end' });
  });

  it('names the fields that changed since the object passed before, never their values', async () => {
    const { stream, tell, ending } = tap({ fields: true });
    const of = (id: string, name: string, severity: number) => ({
      id,
      payload: { id: 5, name, properties: { severity, kept: 1 } },
    });
    tell(passing(), of('a', 'hidden title', 1));
    tell(passing({ feed: 'two' }), of('a', 'hidden title', 1));
    tell(passing(), of('b', 'another title', 2));
    tell(passing({ feed: 'two' }), of('b', 'another title', 2));
    ending.abort();
    const lines = await allOf(stream);
    expect(lines.flatMap((line) => (line.kind === 'event' ? [line.fields] : []))).toEqual([
      ...[undefined, undefined],
      ...[
        ['name', 'properties.severity'],
        ['name', 'properties.severity'],
      ],
    ]);
    expect(JSON.stringify(lines)).not.toContain('title');
  });

  it('comes as server-sent events where these are wanted', async () => {
    const { stream, tell, ending } = tap({ format: 'events' });
    tell(passing());
    ending.abort();
    let text = '';
    for await (const chunk of stream) text += String(chunk);
    const events = text.split('\n\n').filter((event) => event !== '');
    expect(events.map((event) => /^data: (\{.*\})$/.test(event))).toEqual([true, true, true]);
  });

  it('stops listening once nobody reads', async () => {
    const { stream, tell, listeners } = tap();
    expect(listeners.size).toBe(1);
    stream.destroy();
    await sleep(1);
    expect(listeners.size).toBe(0);
    tell(passing());
  });
});

describe('ChangedFields', () => {
  it('remembers a bounded number of objects, the latest ones', () => {
    const changed = new ChangedFields();
    const event = (id: string) => ({ id, payload: { id: 1, vers: id } });
    for (let at = 0; at < 3_000; at += 1) expect(changed.since(`note ${at}`, event('a'))).toBeUndefined();
    expect(changed.since('note 2999', event('b'))).toEqual(['vers']);
    expect(changed.since('note 2999', event('b'))).toEqual(['vers']);
    expect(changed.since('note 0', event('b'))).toBeUndefined();
  });

  it('tells of fields that are gone', () => {
    const changed = new ChangedFields();
    changed.since('task 1', { id: 'a', payload: { id: 1, due: 5, cells: { 7: { value: 'x' } } } });
    expect(changed.since('task 1', { id: 'b', payload: { id: 1, cells: {} } })).toEqual(['cells.7', 'due']);
  });
});
