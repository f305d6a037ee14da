import { describe, expect, it } from '@jest/globals';
import { Cached } from '../../src/page/Cached.js';
import { changeOf } from '../../src/page/changes.js';
import { isOwnForm } from '../../src/page/isOwnForm.js';
import { mappingQueryOf } from '../../src/page/mappingOf.js';
import { OneByOne } from '../../src/page/OneByOne.js';
import { PageDoor } from '../../src/page/PageDoor.js';

describe('a form is our own', () => {
  const host = 'localhost:9100';
  it.each([
    ['from the page', { host, origin: 'http://localhost:9100', 'sec-fetch-site': 'same-origin' }],
    ['from no browser', { host }],
    ['behind a proxy with TLS', { host: 'feeds.example.com', origin: 'https://feeds.example.com' }],
    ['behind one that names the port', { host: 'feeds.example.com:443', origin: 'https://feeds.example.com' }],
  ] as const)('%s', (_, headers) => expect(isOwnForm(headers)).toBe(true));

  it.each([
    ['from another page', { host, origin: 'https://evil.example.com' }],
    ['from another port', { host, origin: 'http://localhost:9101' }],
    ['from a frame without an origin', { host, origin: 'null' }],
    ['from another site that hides its origin', { host, 'sec-fetch-site': 'cross-site' }],
    ['from a neighbour', { host, origin: 'http://localhost:9100', 'sec-fetch-site': 'same-site' }],
    ['from a file', { host, origin: 'file://' }],
  ] as const)('but not %s', (_, headers) => expect(isOwnForm(headers)).toBe(false));
});

describe('a change', () => {
  it.each([
    [
      '{"change":"retry","feed":"a","state":"failed","code":"x"}',
      { change: 'retry', feed: 'a', state: 'failed', code: 'x' },
    ],
    ['{"change":"drop","state":"raw","messageId":"ID:1"}', { change: 'drop', state: 'raw', messageId: 'ID:1' }],
    ['check', 'check'],
  ])('%s is read', (text, change) => expect(changeOf(text)).toEqual(change));

  it.each([
    undefined,
    '',
    'x',
    'null',
    '[]',
    '{}',
    '{"change":"drop"}',
    '{"change":"adopt","feed":"a"}',
    '{"change":"drop","fed":"a"}',
  ])('%s is none: a slip must not choose everything', (text) => expect(changeOf(text)).toBeUndefined());
});

describe('the token', () => {
  it('is another one for every host, and only it is accepted', () => {
    const [door, other] = [new PageDoor(), new PageDoor()];
    expect(door.token).toMatch(/^[\w-]{32}$/);
    expect(door.accepts(door.token)).toBe(true);
    for (const wrong of [other.token, '', `${door.token} `, undefined, 7]) expect(door.accepts(wrong)).toBe(false);
  });

  it('has an address once the port is open', () => {
    const door = new PageDoor();
    expect(door.address).toBeUndefined();
    door.opened(9100);
    expect(door.address).toBe('http://127.0.0.1:9100/page');
  });
});

describe('an answer that many ask for', () => {
  it('is worked out once a second, and less often if it takes long', async () => {
    let now = 0;
    let worked = 0;
    let takes = 0;
    const cached = new Cached(
      async () => {
        now += takes;
        return (worked += 1);
      },
      () => now,
    );
    expect(await Promise.all([cached.get(), cached.get()])).toEqual([1, 1]);
    now = 999;
    expect(await cached.get()).toBe(1);
    now = 1_001;
    takes = 200;
    expect(await cached.get()).toBe(2);
    now += 3_900;
    expect(await cached.get()).toBe(2);
    now += 200;
    expect(await cached.get()).toBe(3);
    cached.forget();
    expect(await cached.get()).toBe(4);
  });

  it('is asked for anew after a failure', async () => {
    let worked = 0;
    const cached = new Cached(async () => {
      worked += 1;
      if (worked === 1) throw new Error('away');
      return worked;
    });
    await expect(cached.get()).rejects.toThrow('away');
    expect(await cached.get()).toBe(2);
  });
});

it('questions are answered one by one, and too many are refused', async () => {
  const questions = new OneByOne();
  let atOnce = 0;
  let most = 0;
  const ask = () =>
    questions.run(async () => {
      most = Math.max(most, (atOnce += 1));
      await new Promise((resolve) => setImmediate(resolve));
      atOnce -= 1;
    });
  const asked = await Promise.allSettled(Array.from({ length: 10 }, ask));
  expect(most).toBe(1);
  expect(asked.map(({ status }) => status).filter((status) => status === 'rejected')).toHaveLength(2);
  await ask();
});

it('a search keeps what was typed, and pages that there can be', () => {
  expect(mappingQueryOf(new URLSearchParams('incident= 5 &type=&side=target&page=3'))).toEqual({
    incident: '5',
    side: 'target',
    page: 3,
  });
  for (const page of ['0', '-1', 'x', '1.5']) expect(mappingQueryOf(new URLSearchParams({ page })).page).toBe(1);
  expect(mappingQueryOf(new URLSearchParams('page=1000000')).page).toBe(100);
});
