import { describe, expect, it } from '@jest/globals';
import type { NoteDto, SoarClient } from '@soar-feed/soar-client';
import { NoteWriter } from '../../../src/write/types/NoteWriter.js';

const { signal } = new AbortController();
const text = { name: 'text', inputType: 'textarea', value: null };

function bench(notes: readonly unknown[] = []) {
  const parents: unknown[] = [];
  const client = {
    notes: {
      list: async (parent: unknown) => {
        parents.push(parent);
        return notes as readonly NoteDto[];
      },
      delete: async (parent: unknown, id: number) => void parents.push([parent, id]),
    },
  } as unknown as SoarClient;
  return { writer: new NoteWriter(client), parents };
}

describe('the notes of the target', () => {
  it('are listed with their replies to the last level, each below its parent', async () => {
    const third = { id: 3, parent_id: 2, text: 'c' };
    const { writer, parents } = bench([
      {
        id: 1,
        text: 'a',
        create_date: 5,
        user_id: 8,
        children: [{ id: 2, parent_id: 1, text: 'b', children: [third] }],
      },
      { id: 4, text: 'd', children: null, user_id: { id: 9, name: 'Ann' } },
    ]);
    const notes = await writer.list({ incidentId: 7 }, 'note', signal);
    expect(parents).toStrictEqual([{ incidentId: 7 }]);
    expect(notes.map(({ target, parentId, value }) => [target, parentId, value(text)])).toEqual([
      [{ incidentId: 7, objectId: 1 }, null, 'a'],
      [{ incidentId: 7, objectId: 2 }, 1, 'b'],
      [{ incidentId: 7, objectId: 3 }, 2, 'c'],
      [{ incidentId: 7, objectId: 4 }, null, 'd'],
    ]);
    expect(notes.map(({ createdAtMs, createdBy }) => [createdAtMs, createdBy])).toEqual([
      [5, 8],
      [undefined, undefined],
      [undefined, undefined],
      [undefined, 9],
    ]);
  });

  it('of a task are listed and deleted at the task', async () => {
    const { writer, parents } = bench([{ id: 1, text: 'a' }]);
    const [note] = await writer.list({ incidentId: 7, taskId: 5 }, 'note', signal);
    expect(note?.target).toEqual({ incidentId: 7, taskId: 5, objectId: 1 });
    expect(await writer.remove({ incidentId: 7, taskId: 5, objectId: 1 }, 'note', signal)).toBe('removed');
    expect(parents).toEqual([{ taskId: 5 }, [{ taskId: 5 }, 1]]);
  });
});
