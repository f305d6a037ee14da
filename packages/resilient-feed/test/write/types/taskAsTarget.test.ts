import { describe, expect, it } from '@jest/globals';
import type { TaskDto } from '@soar-feed/soar-client';
import { equalValues } from '../../../src/translate/normalise.js';
import { taskAsTarget } from '../../../src/write/types/TaskWriter.js';

describe('a task of the target', () => {
  const field = (name: string, value: unknown) => ({ name, inputType: 'boolean', value });
  const equal = (name: string, shown: unknown, ours: unknown) => {
    const task = taskAsTarget({ id: 7, [name]: shown } as unknown as TaskDto, 3);
    return equalValues(field(name, ours), task.value(field(name, ours)), ours);
  };

  it.each([
    [null, false],
    [false, null],
    [undefined, false],
  ])('is as public with private: %p as with %p', (shown, ours) => expect(equal('private', shown, ours)).toBe(true));

  it('is not equal if one is private', () => {
    expect([equal('private', true, null), equal('private', false, true)]).toEqual([false, false]);
    expect(equal('private', true, true)).toBe(true);
  });

  it('distinguishes no from nothing in every other field', () => expect(equal('required', null, false)).toBe(false));
});
