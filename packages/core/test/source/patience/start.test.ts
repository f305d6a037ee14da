import { describe, expect, it } from '@jest/globals';
import { recordingLogger } from '@soar-feed/feed-testkit';
import { SoarApiError } from '@soar-feed/soar-client';
import { Patience } from '../../../src/source/patience/Patience.js';
import { START, START_AT_ONCE } from '../../../src/source/patience/policy.js';
import type { WaitPolicy } from '../../../src/source/patience/policy.js';

const page = () =>
  new SoarApiError('a page', {
    code: 'not-the-platform',
    retryable: true,
    unavailable: true,
    details: { httpStatus: 404 },
  });
const refused = () => new SoarApiError('no', { code: 'unauthorized', status: 401, unavailable: true });
const proxy = () => new SoarApiError('407', { code: 'proxy-refused', retryable: false, unavailable: true });

describe('what a start asks of the source', () => {
  const waits: number[] = [];
  const clock = { now: () => 0, steadyMs: () => 0, sleep: async (ms: number) => void waits.push(ms) };
  const ask = (question: () => Promise<string>, policy: WaitPolicy = START): Promise<string> =>
    new Patience(policy, { log: recordingLogger(), clock, signal: new AbortController().signal }).ask('It', question);

  function answering(...errors: Error[]): () => Promise<string> {
    return async () => {
      const error = errors.shift();
      if (error !== undefined) throw error;
      return 'there';
    };
  }

  it('waits while a gateway answers in the platform’s place', async () => {
    expect(await ask(answering(page(), page()))).toBe('there');
    expect(waits).toHaveLength(2);
  });

  it('throws at once what needs a person, and everything where it may ask only once', async () => {
    await expect(ask(answering(refused()))).rejects.toMatchObject({ code: 'unauthorized' });
    await expect(ask(answering(proxy()))).rejects.toMatchObject({ code: 'proxy-refused' });
    await expect(ask(answering(page()), START_AT_ONCE)).rejects.toMatchObject({
      code: 'not-the-platform',
    });
  });
});
