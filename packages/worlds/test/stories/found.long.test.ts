import { expect, it, jest } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { findingsOf, resultsOf } from '../../src/index.js';
import type { Story } from '../../src/index.js';

// A process of its own for each, and a world or two in it: slow on a busy machine.
jest.setTimeout(180_000);

const plain: Story = {
  seed: 1,
  ...{
    kinds: [],
    steps: [],
    behaviour: {},
    clocks: { source: 0, target: 0, host: 0 },
    incidents: 1,
    seeding: 'queued' as const,
  },
  site: {
    ...{ fileFeed: false, login: 'api-key', references: true, reload: false, concurrency: 1 },
    ...{ queryMethod: false, requestMaxRetries: 1, prefetch: 25, spillAfterMs: 5_000 },
  },
};

/** A story from its file. */
const whole = (seed: number): Story =>
  JSON.parse(readFileSync(new URL(`seed${seed}.json`, import.meta.url), 'utf8')) as Story;

/** Each is in a file of its own, as it was printed. */
const found: readonly (readonly [number, string])[] = [
  [33, 'the incident that an old mapping knows was deleted and made again'],
  [37, 'a gateway hides that an update was done, and the change back is not sent'],
  [101, 'a note whose counterpart is missing is restored before its incident is loaded for that'],
  [112, 'replies went with a note, which a restored source has again; an old mapping still has their rows'],
  [183, 'the frame of a deleted note is taken for a lost note, while the mapping was busy'],
  [275, 'an incident moves to another feed right after its creation, while the disk is full'],
  [283, 'a doubt whose row was replaced meanwhile is taken for a decision'],
  [286, 'a task of the platform moved to another phase before the feed saw its incident'],
  [609, 'the clock of the target was set back just before a create that was not answered'],
  [812, 'an old mapping does not know that a task was deleted, which a restored source has again'],
  [913, 'a reload reads before an edit whose date is earlier, as the clock of the source was set back'],
  [1133, 'an old mapping knows only that the creates of an incident and of a note began'],
  [1213, 'a restored source gives the id of a note again that went with its task'],
  [1281, 'a deleted note is not blanked, as a gateway answers, and its reply comes once more'],
  [1335, 'an update that the full disk could not record, and the change back, are one row at the next start'],
  [1718, 'an old mapping lacks a reply whose note was deleted above it'],
  [1915, 'the mapping is lost, and an incident no longer matches before it is deleted'],
  [1929, 'the mapping is lost, and of two deleted notes with replies nothing but the replies shows which is which'],
  [2045, 'an object in doubt is made although nobody said so, because the target could be read again'],
  [2393, 'a restored source has again what was deleted in the target, and an old mapping does not know of that delete'],
  [2482, 'an old mapping says that an incident never matched'],
  [2629, 'a search index shows a thread of three levels that the platform removed with its first note'],
  [2631, 'a note waits for a task that failed, and that was skipped before its incident matched the filter'],
  [3000, 'something else answers every create with 401 after it was done'],
  [3940, 'a reload finds that an artifact is deleted, whose delete waits, and the mapping has lost it'],
  [5115, 'the clock of the host is set back a day while rows that could not be read rest'],
  [462, 'an incident is closed after tasks that were still parked'],
  [
    4932,
    'a restored source has the deleted note above a reply again, while a host stands still and another takes its place',
  ],
  [421, 'two changes of one millisecond, which a full disk let nobody record, are parked in the wrong order'],
  [7107, 'the note about the origin appears late, and the create that had it along was answered by a gateway'],
  [7331, 'a restored source names a task as the platform names one of its own'],
  [9049, 'a reload of a restored source finds only at its end that a task is gone, which kept its incident open'],
  [
    7934,
    'the frame of a deleted note is taken for another deleted note, which was made and deleted while the host was away',
  ],
  [
    10413,
    'a reply is written while the host starts with an old mapping, and has not measured the clock of the source well',
  ],
  [20326, 'an old mapping hides that a task has got its old name back'],
  [
    30038,
    'an unanswered create is found after its incident has changed, and the note about its origin says something else',
  ],
  [30675, 'an incident whose create was not answered no longer matches, and matches again'],
  [30662, 'a reload finds an incident that was just moved here, and its search does not show a task of before'],
  [50941, 'a reply whose row was lost waits for a person below a deleted note, which asked for it again and again'],
  [53158, 'tasks that a person must tell apart wait for their incident, which is not closed without them'],
  [54358, 'two equal tasks, made one after the other, lose their rows, and the younger one comes first'],
  [54744, 'the target is away for longer than a search is waited for, and the mapping was lost'],
  [55178, 'two equal tasks, made at once, lose their rows, and the second one comes first'],
  [57216, 'a busy target shows none of its incidents for a while, and a milestone whose row was lost is deleted'],
  [58125, 'an artifact is deleted below one that the target cannot hold, and the mapping was lost'],
  [58530, 'the incident whose change brings new tasks is refused, and these have come before it'],
];

it.each(found)('seed %i: %s', async (seed) => {
  expect(await findingsOf(whole(seed))).toEqual([]);
});

it('seed 117: the files of replies go with the note above them, although they live on', async () => {
  const site = { ...plain.site, fileFeed: true };
  const behaviour = { deletedThread: 'blanked', blankedNoteMessage: 'deleted' } as const;
  const steps = [{ atMs: 54_844, do: 'work', seed: 929_786 }] as const;
  expect(await findingsOf({ ...plain, seed: 117, site, behaviour, steps })).toEqual([]);
});

it('seed 20: an attachment with the id of an older one, after the source was restored', async () => {
  const steps = [
    { atMs: 5_812, do: 'back-up' },
    { atMs: 40_778, do: 'work', seed: 872_912 },
    { atMs: 58_227, do: 'restore', ids: 'given-again' },
    { atMs: 58_433, do: 'work', seed: 780_083 },
  ] as const;
  const site = { ...plain.site, reload: true, queryMethod: true };
  expect(await findingsOf({ ...plain, seed: 20, site, steps })).toEqual([]);
});

it('seed 361: two equal attachments, of which an analyst deletes one before the world looked for the first time', async () => {
  const site = { ...plain.site, references: false, requestMaxRetries: 0, prefetch: 5, spillAfterMs: 1_000 };
  const steps = [{ atMs: 4_582, do: 'work', seed: 119_149 }] as const;
  expect(await findingsOf({ ...plain, seed: 361, incidents: 2, site, steps })).toEqual([]);
});

it('seed 260: a host is killed while it stops, and its successor has to stop in its place', async () => {
  const site = { ...plain.site, fileFeed: true, requestMaxRetries: 2, prefetch: 50 };
  const killedAt = (effects: number): Story => {
    const steps = [
      { atMs: 40_970, do: 'work', seed: 506_772 },
      { atMs: 43_528, do: 'crash', effects, downMs: 3_000 },
      { atMs: 43_678, do: 'work', seed: 968_664 },
      { atMs: 48_765, do: 'work', seed: 124_364 },
      { atMs: 55_198, do: 'work', seed: 837_642 },
    ] as const;
    return { ...plain, seed: 260, site, steps };
  };
  // At which effect it begins to stop changes with the product.
  let [tooEarly, tooLate] = [0, 1_000];
  let whileStopping = 0;
  while (whileStopping === 0 && tooLate - tooEarly > 1) {
    const effects = Math.floor((tooEarly + tooLate) / 2);
    const [result] = await resultsOf([killedAt(effects)]);
    expect(result?.findings).toEqual([]);
    whileStopping = result?.counts['killed while it stopped'] ?? 0;
    if (result?.counts['killed'] === undefined) tooLate = effects;
    else tooEarly = effects;
  }
  expect(whileStopping).toBe(1);
});

it('seed 14: a host is stopped while it starts, and must not subscribe any more', async () => {
  const steps = [
    { atMs: 10_000, do: 'restart', downMs: 200 },
    { atMs: 10_250, do: 'restart', downMs: 200 },
  ] as const;
  expect(await findingsOf({ ...plain, seed: 14, steps })).toEqual([]);
});

it('seed 371: what hung under a task was deleted while the mapping was lost, and the task was not found again yet', async () => {
  const site = { ...plain.site, reload: true, prefetch: 50, spillAfterMs: 30_000 };
  const steps = [
    { atMs: 17_453, do: 'work', seed: 235_251 },
    { atMs: 40_389, do: 'disk', fault: 'SQLITE_BUSY', forMs: 14_239 },
    { atMs: 40_750, do: 'lose-mapping', downMs: 100 },
    { atMs: 43_611, do: 'work', seed: 79_774 },
    { atMs: 49_640, do: 'work', seed: 353_292 },
  ] as const;
  expect(await findingsOf({ ...plain, seed: 371, site, seeding: 'loaded', steps })).toEqual([]);
});

it('seed 254: the same with an artifact below another', async () => {
  const site = { ...plain.site, login: 'email' as const, requestMaxRetries: 0, prefetch: 5, concurrency: 16 } as const;
  const steps = [
    { atMs: 46_095, do: 'work', seed: 29_560 },
    { atMs: 49_575, do: 'lose-mapping', downMs: 100 },
    { atMs: 52_408, do: 'odd-values', seed: 835_282 },
    { atMs: 59_853, do: 'work', seed: 672_049 },
  ] as const;
  const opposite = { ...site, opposite: true, spillAfterMs: 1_000 };
  expect(await findingsOf({ ...plain, seed: 254, incidents: 3, site: opposite, steps })).toEqual([]);
});

it('seed 6: replies wait for notes that are known as deleted before they are made, as frames, and the frame above them is not made', async () => {
  const behaviour = { deletedThread: 'blanked', blankedNoteMessage: 'deleted' } as const;
  const site = { ...plain.site, queryMethod: true, requestMaxRetries: 2, prefetch: 5, spillAfterMs: 1_000 };
  const fault = { status: 429, retryAfterSeconds: 90, probability: 1 };
  const steps = [
    { atMs: 21_542, do: 'fault', side: 'source', forMs: 14_902, fault },
    { atMs: 33_567, do: 'work', seed: 914_724 },
    { atMs: 41_074, do: 'work', seed: 491_854 },
    { atMs: 44_421, do: 'threads', seed: 720_818, steps: 13 },
  ] as const;
  const story = { ...plain, seed: 6, behaviour, incidents: 3, objects: [2, 3] as const, site, steps };
  expect(await findingsOf(story)).toEqual([]);
});

it('seed 1181: an update was done, the full disk could not record it, and the change back is not sent', async () => {
  const site = { ...plain.site, queryMethod: true, spillAfterMs: 1_000 };
  const steps = [
    { atMs: 7_006, do: 'disk', fault: 'SQLITE_FULL', forMs: 19_263 },
    { atMs: 7_901, do: 'work', seed: 15_344 },
    { atMs: 20_007, do: 'work', seed: 40_409 },
  ] as const;
  expect(await findingsOf({ ...plain, seed: 1_181, objects: [3, 8], site, steps })).toEqual([]);
});

it('seed 978: the clock of the source was set back, and a note that an old mapping lacks is taken for a new one', async () => {
  const site = { ...plain.site, reload: true, requestMaxRetries: 2, prefetch: 50, spillAfterMs: 1_000 };
  const steps = [
    { atMs: 749, do: 'copy-mapping' },
    { atMs: 2_424, do: 'odd-values', seed: 846_337 },
    { atMs: 22_173, do: 'clock', of: 'source', offsetMs: -1_200_000 },
    { atMs: 35_927, do: 'lose-mapping', downMs: 100 },
  ] as const;
  const story = { ...plain, seed: 978, objects: [2, 3] as const, seeding: 'loaded' as const, site, steps };
  expect(await findingsOf(story)).toEqual([]);
});

it('seed 1926: a file hangs below an artifact that the target cannot hold, and an old mapping does not know that', async () => {
  const site = {
    ...plain.site,
    fileFeed: true,
    queryMethod: true,
    requestMaxRetries: 0,
    prefetch: 5,
    spillAfterMs: 1_000,
  };
  const steps = [
    { atMs: 24_974, do: 'work', seed: 38_515 },
    { atMs: 25_558, do: 'work', seed: 751_883 },
    { atMs: 27_755, do: 'copy-mapping' },
    { atMs: 39_542, do: 'work', seed: 38_806 },
    { atMs: 40_457, do: 'work', seed: 519_163 },
    { atMs: 42_184, do: 'lose-mapping', downMs: 100 },
    { atMs: 51_045, do: 'work', seed: 909_368 },
  ] as const;
  const story = { ...plain, seed: 1_926, objects: [2, 3] as const, site: { ...site, routed: true }, steps };
  expect(await findingsOf(story)).toEqual([]);
});

it('seed 1335: an incident is closed while the disk is broken, and opened again', async () => {
  const site = {
    ...plain.site,
    reload: true,
    queryMethod: true,
    bundleCreates: false,
    prefetch: 5,
    spillAfterMs: 30_000,
  };
  const steps = [
    { atMs: 27_097, do: 'disk', fault: 'SQLITE_FULL', forMs: 16_939 },
    { atMs: 27_834, do: 'work', seed: 99_022 },
    { atMs: 40_932, do: 'work', seed: 971_176 },
  ] as const;
  const story = { ...plain, seed: 1_335, objects: [2, 3] as const, seeding: 'loaded' as const, site, steps };
  expect(await findingsOf(story)).toEqual([]);
});
