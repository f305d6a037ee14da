import { describe, expect, it } from '@jest/globals';
import { fakeClock } from '@soar-feed/feed-testkit';
import { SoarApiError } from '@soar-feed/soar-client';
import type { SoarClient } from '@soar-feed/soar-client';
import type { ParkedEvent } from '../../src/contract/FeedStore.js';
import { SourceReader } from '../../src/source/SourceReader.js';
import type { TypeDescription } from '../../src/shape/toTypeSchema.js';
import { catalogOf, events, types } from '../intake/messages.js';

const key = { orgId: 201, incidentId: 4517, type: 'note', objectId: 7 };
const parent = { ...key, objectId: 6 };
const row: ParkedEvent = {
  ...{ feed: 'f', key, eventId: 'message-1', parent, operation: 'upsert', workspace: 'West', observedAtMs: 5 },
  ...{ why: { state: 'deferred' }, revision: 3, place: 1, parkedAtMs: 9 },
};

/** A reader on a source that returns this note, and remembers where it was looked for. */
function reader(note: Readonly<Record<string, unknown>> | Error, load?: () => Promise<readonly TypeDescription[]>) {
  const clock = fakeClock();
  const asked: unknown[] = [];
  const get = async (container: unknown, id: number) => {
    asked.push({ container, id });
    if (note instanceof Error) throw note;
    return note;
  };
  const client = { org: { id: 201 }, notes: { get } } as unknown as SoarClient;
  return { clock, asked, source: new SourceReader(client, catalogOf(clock, load), events, clock) };
}

const gone = () => new SoarApiError('gone', { code: 'not-found', status: 404, retryable: false });

describe('a parked row becomes an event again', () => {
  it('as it was kept, under the id of its event', async () => {
    const { source, asked } = reader(gone());
    const payload = { id: 7, text: 'kept', parent_id: 6 };
    expect(await source.rebuild({ ...row, payload })).toMatchObject({
      ...{
        id: 'message-1',
        origin: 'replay',
        operation: 'upsert',
        payload,
        parent,
        observedAtMs: 5,
        workspace: 'West',
      },
    });
    expect(asked).toEqual([]);
  });

  it('with the labels of what was added at the source since the types were read', async () => {
    const author = (id: number, label: string) => ({ value: id, label });
    const withAuthors = (...values: readonly { value: number; label: string }[]): readonly TypeDescription[] =>
      types.map((type) =>
        type.type_name === 'note'
          ? { ...type, fields: [{ id: 107, name: 'user_id', input_type: 'select_user', values: [...values] }] }
          : type,
      );
    let known = withAuthors(author(3, 'Ada'));
    const { source } = reader(gone(), async () => known);
    const authors = async (user: number) =>
      (await source.rebuild({ ...row, payload: { id: 7, user_id: user } }))?.schema.fields.get('user_id')?.options;
    expect([...((await authors(3)) ?? []).keys()]).toEqual(['3']);
    known = withAuthors(author(3, 'Ada'), author(4, 'Bob'));
    expect((await authors(4))?.get('4')?.label).toBe('Bob');
  });

  it('as it is now where nothing was kept, sought in the task that its row names', async () => {
    const { source, asked, clock } = reader({ id: 7, text: 'now', parent_id: 6 });
    const event = await source.rebuild({ ...row, taskId: 12 });
    expect(event).toMatchObject({ id: 'message-1', operation: 'upsert', payload: { text: 'now' } });
    expect(event?.observedAtMs).toBe(clock.now());
    expect(asked).toEqual([{ container: { taskId: 12 }, id: 7 }]);
  });

  it('as a delete where its id stands in another incident: it was given again after a restore', async () => {
    const { source } = reader({ id: 7, text: 'of another', inc_id: key.incidentId + 1 });
    expect(await source.rebuild(row)).toMatchObject({ operation: 'delete', key, payload: { id: 7 } });
    expect(await source.fetch(key)).toBeUndefined();
    expect(await source.discover(key, 'West', undefined)).toBeUndefined();
  });

  it.each([key.incidentId, null, undefined])('as it is where its incident is said as %p', async (named) => {
    const { source } = reader({ id: 7, text: 'now', inc_id: named });
    expect(await source.rebuild(row)).toMatchObject({ operation: 'upsert', payload: { text: 'now' } });
  });

  it('as a delete below its parent where it is gone meanwhile', async () => {
    const { source } = reader(gone());
    expect(await source.rebuild(row)).toMatchObject({ id: 'message-1', operation: 'delete', key, parent });
  });

  it('not at all while the source is in trouble', async () => {
    const { source } = reader(new SoarApiError('no', { code: 'forbidden', status: 403, retryable: false }));
    await expect(source.rebuild(row)).rejects.toThrow('no');
  });

  it('as the delete it was, which is never read', async () => {
    const { source, asked } = reader(gone());
    expect(await source.rebuild({ ...row, operation: 'delete' })).toMatchObject({ operation: 'delete', parent });
    expect(asked).toEqual([]);
  });
});

describe('a row of a table', () => {
  it('is not taken for deleted while the types cannot be read, whatever the source answers', async () => {
    let refused = false;
    const { source, clock } = reader(gone(), async () => {
      if (refused) throw gone();
      return types;
    });
    const known = { ...key, type: 'new_table', objectId: 27 };
    refused = true;
    await expect(source.fetch(known)).rejects.toMatchObject({ code: 'types-unreadable' });
    await expect(source.rebuild({ ...row, key: known })).rejects.toMatchObject({ code: 'types-unreadable' });
    refused = false;
    await clock.advance(60_000);
    expect(await source.fetch(known)).toBeUndefined();
  });
});
