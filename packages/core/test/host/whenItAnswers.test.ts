import { describe, expect, it } from '@jest/globals';
import { recordingLogger } from '@soar-feed/feed-testkit';
import { SoarApiError } from '@soar-feed/soar-client';
import { whenItAnswers } from '../../src/host/whenItAnswers.js';

const page = () =>
  new SoarApiError('a page', { code: 'not-the-platform', unavailable: true, details: { httpStatus: 404 } });
const refused = () => new SoarApiError('no', { code: 'unauthorized', status: 401, unavailable: true });

describe('whenItAnswers', () => {
  const waits: number[] = [];
  const clock = { now: () => 0, sleep: async (ms: number) => void waits.push(ms) };
  const patience = { log: recordingLogger(), clock, signal: new AbortController().signal, patient: true };

  function answering(...errors: Error[]): () => Promise<string> {
    return async () => {
      const error = errors.shift();
      if (error !== undefined) throw error;
      return 'there';
    };
  }

  it('waits while a gateway answers in the platform’s place', async () => {
    expect(await whenItAnswers(answering(page(), page()), patience)).toBe('there');
    expect(waits).toHaveLength(2);
  });

  it('throws at once what needs a person, and everything where it may ask only once', async () => {
    await expect(whenItAnswers(answering(refused()), patience)).rejects.toMatchObject({ code: 'unauthorized' });
    await expect(whenItAnswers(answering(page()), { ...patience, patient: false })).rejects.toMatchObject({
      code: 'not-the-platform',
    });
  });
});
