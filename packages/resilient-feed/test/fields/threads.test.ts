import { expect, it } from '@jest/globals';
import type { FeedEvent } from '@soar-feed/core';
import { repliesOf } from '../../src/fields/threads.js';

const living = (id: number, ...children: object[]): object => ({ id, is_deleted: false, children });
const deleted = (id: number, ...children: object[]): object => ({ id, is_deleted: true, children });
const eventOf = (...children: object[]): FeedEvent => ({ payload: { children } }) as unknown as FeedEvent;

it('leaves out replies that are deleted with all below them', () => {
  const event = eventOf(living(1), deleted(2), deleted(3, deleted(4, living(5))), deleted(6, deleted(7)));
  expect(repliesOf(event)).toEqual([1, 3]);
});

it('heeds what is known of a reply since, and keeps a deleted one above a living one', () => {
  const event = eventOf(living(1), living(2, living(3)), deleted(4, living(5)), deleted(6, living(7)));
  const known = new Set([1, 2, 4, 7]);
  expect(repliesOf(event, (id) => known.has(id))).toEqual([2, 4]);
});
