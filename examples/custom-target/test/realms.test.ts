import { readFile } from 'node:fs/promises';
import { isNativeError } from 'node:util/types';
import { expect, it } from '@jest/globals';
import { FeedError, UnavailableError } from '@soar-feed/core';

it('knows an error of another realm by its code, not by its class', async () => {
  const error: unknown = await readFile('/nowhere/at/all').catch((thrown: unknown) => thrown);
  expect(error instanceof Error).toBe(false); // in Jest; true in production
  expect(isNativeError(error)).toBe(true); // in both
  expect((error as NodeJS.ErrnoException).code).toBe('ENOENT');
});

it('knows soar-feed’s own errors by FeedError.is, whichever copy of core they come from', () => {
  const error: unknown = new UnavailableError('The receiver cannot be reached.', { code: 'webhook-unreachable' });
  expect(FeedError.is(error) && error.kind).toBe('unavailable');
});
