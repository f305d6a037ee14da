import { anIncident, recordingLogger } from '@soar-feed/feed-testkit';
import { describe, expect, it } from '@jest/globals';
import type { Loss } from '../../src/fields/TranslatedField.js';
import { Regaining } from '../../src/translate/Regaining.js';
import type { Translations } from '../../src/translate/Translations.js';

const loss: Loss = { kind: 'field', name: 'ticket' };
const HOUR_MS = 3_600_000;

/** An hour that passes at once; then the feed closes. */
function anHour() {
  const closing = new AbortController();
  const slept: number[] = [];
  let passedMs = 0;
  const clock = {
    now: () => passedMs,
    steadyMs: () => passedMs,
    sleep: async (ms: number) => {
      slept.push(ms);
      passedMs += ms;
      if (passedMs >= HOUR_MS) closing.abort();
    },
  };
  return { clock, slept, signal: closing.signal };
}

/** The target has what it lacked from the reading with this number on. */
function target(from: number, of = (): void => undefined) {
  let readings = 0;
  const translations = {
    of: () => {
      of();
      return { fields: [], losses: readings >= from ? [] : [loss] };
    },
    renew: () => Promise.resolve((readings += 1) === from),
  };
  return { translations: translations as unknown as Translations, readings: () => readings };
}

describe('what a target regained', () => {
  it('is not looked for while nothing is lacking, and nobody is kept busy', async () => {
    const { clock, slept, signal } = anHour();
    const { translations, readings } = target(1);
    await new Regaining(clock, recordingLogger()).watch(translations, () => Promise.resolve(), signal);
    expect(readings()).toBe(0);
    expect(slept.length).toBeLessThanOrEqual(120);
  });

  it('is requested until that is durable', async () => {
    const { clock, signal } = anHour();
    const regaining = new Regaining(clock, recordingLogger());
    regaining.note(anIncident({ incidentId: 7 }), [loss]);
    const asked: number[] = [];
    const resync = ({ incidentId }: { readonly incidentId: number }): Promise<void> => {
      asked.push(incidentId);
      return asked.length < 3 ? Promise.reject(new Error('the store is down')) : Promise.resolve();
    };
    await regaining.watch(target(2).translations, resync, signal);
    expect(asked).toEqual([7, 7, 7]);
  });

  it('is looked for again after an error that nobody expected', async () => {
    const { clock, slept, signal } = anHour();
    const regaining = new Regaining(clock, recordingLogger());
    regaining.note(anIncident(), [loss]);
    const { translations } = target(1, () => {
      throw new Error('unexpected');
    });
    await regaining.watch(translations, () => Promise.resolve(), signal);
    expect(slept.length).toBeGreaterThan(100);
  });
});
