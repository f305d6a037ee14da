import { expect, it } from '@jest/globals';
import type { SoarClient } from '@soar-feed/soar-client';
import { sharedShownFields } from '../../src/config/shownFeeds.js';
import { deniedWrite } from '../../src/host/examine/sourceFindings.js';
import { isShownField, shownNames, withoutShown } from '../../src/contract/shownFields.js';

it.each([
  ['mirror', 'soar_feed_mirror_state'],
  ['Resilient Feed-2', 'soar_feed_resilient_feed_2_state'],
  ['__', 'soar_feed_feed_state'],
])('the fields of a feed called %s are names that the API knows', (feed, state) => {
  const names = shownNames(feed);
  expect(names.state).toBe(state);
  for (const name of Object.values<string>({ ...names })) expect(isShownField(name)).toBe(true);
});

it('leaves the fields of others alone', () => {
  for (const name of ['state', 'soar_feed_state', 'soar_feed_mirror_owner', 'my_soar_feed_mirror_state'])
    expect(isShownField(name)).toBe(false);
  const incident = { id: 1, properties: { cost: 5 } };
  expect(withoutShown(incident)).toBe(incident);
  expect(withoutShown({ id: 1, properties: { cost: 5, soar_feed_a_link: 'x' } })).toEqual(incident);
  expect(withoutShown({ id: 1 })).toEqual({ id: 1 });
});

it('refuses two feeds whose fields would be the same', () => {
  const section = (name: string, showInSource = true) => [name, { name, engine: { showInSource } }] as const;
  const shared = sharedShownFields(new Map([section('a-b'), section('c'), section('a_b')]));
  expect(shared).toEqual([
    { section: 'a_b', key: 'show_in_source', problem: expect.stringContaining('the same fields as [a-b]') },
  ]);
  expect(sharedShownFields(new Map([section('a-b'), section('a_b', false)]))).toEqual([]);
});

it.each([
  [{ write: false }, 7],
  [{ write: true }, undefined],
  [null, undefined],
])('an incident with the permissions %j tells whether the account may edit it', async (perms, denied) => {
  const pages = async function* () {
    yield [{ id: 7, perms }];
  };
  expect(await deniedWrite({ incidents: { pages } } as unknown as SoarClient)).toBe(denied);
});
