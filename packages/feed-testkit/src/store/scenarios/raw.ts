import type { ParkedRaw } from '@soar-feed/core';
import { expect, it } from '../../runner/jestLike.js';
import type { StoreSubject } from '../StoreSubject.js';

export function rawScenarios(subject: StoreSubject): void {
  const list = async () => {
    const rows: ParkedRaw[] = [];
    for await (const row of subject.store.parked.listRaw()) rows.push(row);
    return rows;
  };

  it('keeps a message as it came, of any size', async () => {
    const body = `{"name": "\ud83d" \u0000 ${'x'.repeat(1_200_000)}`;
    const message = {
      messageId: 'ID:b-1',
      queue: 'actions.201.feed',
      headers: { 'reply-to': '/queue/a', odd: 'ä\u0000' },
      body,
    };
    await subject.store.parked.parkRaw(message, 'not-json', 'Unexpected token at 9 \u0000');
    expect(await list()).toEqual([
      {
        message,
        code: 'not-json',
        problem: 'Unexpected token at 9 \u0000',
        parkedAtMs: expect.any(Number),
        retry: false,
      },
    ]);
    expect(await subject.store.parked.findRaw('ID:b-1')).toEqual((await list())[0]);
    expect(await subject.store.parked.findRaw('ID:b-2')).toBeUndefined();
  });

  it('keeps a message that comes again once, at its place', async () => {
    const message = { messageId: 'ID:b-1', queue: 'q', headers: {}, body: '[' };
    await subject.store.parked.parkRaw(message, 'not-json', 'first');
    await subject.store.parked.parkRaw({ ...message, messageId: 'ID:b-2' }, 'not-json', 'second');
    await subject.store.parked.parkRaw(message, 'not-json', 'again');
    expect((await list()).map((row) => [row.message.messageId, row.problem])).toEqual([
      ['ID:b-1', 'again'],
      ['ID:b-2', 'second'],
    ]);
  });

  it('gives those that are to be decoded again, until they are parked again or removed', async () => {
    const { parked } = subject.store;
    for (const messageId of ['a', 'b', 'c']) {
      await parked.parkRaw({ messageId, queue: 'q', headers: {}, body: '[' }, 'not-json', 'first');
    }
    expect(await parked.takeRaw(10)).toEqual([]);
    expect(await parked.rearmRaw('c')).toBe(true);
    expect(await parked.rearmRaw('b')).toBe(true);
    expect(await parked.rearmRaw('gone')).toBe(false);
    expect((await parked.takeRaw(1)).map((row) => row.message.messageId)).toEqual(['b']);
    expect((await parked.takeRaw(10)).map((row) => [row.message.messageId, row.retry])).toEqual([
      ['b', true],
      ['c', true],
    ]);
    await parked.parkRaw({ messageId: 'b', queue: 'q', headers: {}, body: '[' }, 'not-json', 'again');
    expect(await parked.removeRaw('c')).toBe(true);
    expect(await parked.removeRaw('c')).toBe(false);
    expect(await parked.takeRaw(10)).toEqual([]);
    expect((await list()).map((row) => row.message.messageId)).toEqual(['a', 'b']);
  });

  it('lists many in the order they came', async () => {
    const ids = Array.from({ length: 250 }, (_, at) => `ID:${at}`);
    await Promise.all(
      ids.map((messageId) =>
        subject.store.parked.parkRaw({ messageId, queue: 'q', headers: {}, body: '' }, 'empty', 'No body'),
      ),
    );
    expect((await list()).map((row) => row.message.messageId)).toEqual(ids);
  });
}
