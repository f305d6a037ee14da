import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { isError } from '../../src/target/isError.js';
import { says } from '../../src/target/textsIn.js';

/** What Node itself throws inside a Jest test comes from another realm. */
async function foreignError(): Promise<unknown> {
  return readFile('/nowhere/open-sesame').catch((error: unknown) => error);
}

describe('an error of another realm', () => {
  it('is no Error of this one, which is what this is about', async () => {
    expect((await foreignError()) instanceof Error).toBe(false);
  });

  it('is known as an error all the same', async () => {
    expect(isError(await foreignError())).toBe(true);
    const aborted = await fetch('http://127.0.0.1:9/', { signal: AbortSignal.abort() }).catch(
      (error: unknown) => error,
    );
    expect(isError(aborted)).toBe(true);
    for (const no of [undefined, null, 'Error', {}, { message: 'm', stack: 's' }]) expect(isError(no)).toBe(false);
  });

  it('is searched for secrets: its message, its cause, and what it gathers', async () => {
    const error = await foreignError();
    for (const told of [error, new Error('x', { cause: error }), new AggregateError([error]), new Set([error])]) {
      expect(says(told, 'open-sesame')).toBe(true);
    }
    expect(says({ body: Buffer.from('a=open-sesame') }, 'open-sesame')).toBe(true);
  });
});
