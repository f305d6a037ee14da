import { keyText } from '@soar-feed/core';
import type { ObjectKey, Settlement } from '@soar-feed/core';
import { tempFolder } from '@soar-feed/feed-testkit';
import type { TempFolder } from '@soar-feed/feed-testkit';
import { KnexFeedStore } from '@soar-feed/store';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

let folder: TempFolder;
let store: KnexFeedStore;
beforeEach(async () => {
  folder = await tempFolder();
  store = new KnexFeedStore({ database: { client: 'sqlite', file: folder.file('feed.db') } });
  await store.open();
});
afterEach(async () => {
  await store.close();
  await folder.remove();
});

const note = (objectId: number): ObjectKey => ({ orgId: 201, incidentId: 2001, type: 'note', objectId });
const settlement = (key: ObjectKey, value: number, more: Partial<Settlement> = {}): Settlement => ({
  ...{ feed: 'f', key, eventId: `e-${keyText(key)}-${value}`, outcome: 'delivered', deleted: false },
  ...{ stamp: { kind: 'modify_date', value }, ...more },
});
const last = async (key: ObjectKey) => (await store.settlements.last('f', key))?.stamp?.value;

describe('settlements in one commit', () => {
  it('change the row of one object in their order: a stamp goes back only if the source says so', async () => {
    const all = [
      settlement(note(1), 20),
      settlement(note(1), 10),
      settlement(note(2), 20),
      settlement(note(2), 10, { setsBack: true }),
      settlement(note(3), 20, { setsBack: true }),
      settlement(note(3), 30),
      settlement(note(4), 20),
      settlement(note(4), 30, { outcome: 'superseded' }),
    ];
    await Promise.all(all.map((one) => store.settlements.settle(one)));
    expect([await last(note(1)), await last(note(2)), await last(note(3)), await last(note(4))]).toEqual([
      20, 10, 30, 20,
    ]);
    const { eventId } = settlement(note(1), 10);
    expect(await store.outcomes.find('f', eventId)).toMatchObject({ outcome: 'delivered' });
    expect(await store.settlements.named('note', 1)).toMatchObject([{ eventId }]);
  });

  it('keep a stamp of any size and precision, and a text with what a database refuses', async () => {
    const values = [0.1 + 0.2, 1_764_443_999_123.456, Number.MAX_SAFE_INTEGER, 0, -1];
    const odd = 'a\0b\ud800c"\\ud800';
    await Promise.all(
      values.map((value, at) => store.settlements.settle(settlement(note(at), value, { eventId: `${odd}${at}` }))),
    );
    for (const [at, value] of values.entries()) {
      expect(await last(note(at))).toBe(value);
      expect(await store.outcomes.find('f', `${odd}${at}`)).toMatchObject({ eventId: `a\ufffdb\ufffdc"\\ud800${at}` });
    }
  });
});

describe('what was applied last', () => {
  it('is read for thousands of objects at once, each with its own answer', async () => {
    const ids = Array.from({ length: 2_500 }, (_, at) => at);
    const known = ids.filter((id) => id % 3 === 0);
    await Promise.all(known.map((id) => store.settlements.settle(settlement(note(id), id + 1))));
    const answers = await Promise.all([...ids, 3, 4].map((id) => last(note(id))));
    expect(answers).toEqual([...ids, 3, 4].map((id) => (id % 3 === 0 ? id + 1 : undefined)));
    expect(await store.settlements.last('another', note(3))).toBeUndefined();
  });

  it('is read again after a failure of the store', async () => {
    await store.close();
    await expect(Promise.all([last(note(1)), last(note(2))])).rejects.toMatchObject({ code: 'store-closed' });
    await store.open();
    await store.settlements.settle(settlement(note(1), 7));
    expect(await Promise.all([last(note(1)), last(note(2))])).toEqual([7, undefined]);
  });
});
