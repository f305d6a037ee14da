import { expect } from '@jest/globals';
import type { FeedEvent, SoarObject } from '@soar-feed/core';
import { anIncident, aRow } from '../../events/builders.js';
import { says, textsIn } from '../textsIn.js';
import type { TargetScenario } from '../TargetScenario.js';
import type { TargetSubject } from '../TargetSubject.js';

const MEGABYTE = 1024 * 1024;

export const oddValues: readonly TargetScenario[] = [
  {
    name: 'takes fields that are null or not there, and makes no word of them',
    async run(subject) {
      await subject.open();
      const empty = anIncident({ payload: { description: null, severity_code: null, properties: null } });
      await subject.delivered(empty);
      const { properties: _properties, description: _description, ...few } = empty.payload;
      await subject.delivered({ ...anIncident(), payload: few });
      const seen = await subject.there(anIncident());
      expect(seen).toHaveLength(1);
      const words = textsIn(seen).map((text) => text.toLowerCase());
      for (const word of ['null', 'undefined', '[object object]']) expect(words).not.toContain(word);
    },
  },
  {
    name: 'carries emoji, other scripts, quotes and markup as they are',
    async run(subject) {
      await subject.open();
      for (const name of ['Ünïcode 😀👩‍💻 データ', `"quoted" 'twice' \\back\\slash`, '100% $(HOME) {{x}} ; -- /*']) {
        await subject.delivered(anIncident({ payload: { name } }));
        expect(says(await subject.there(anIncident()), name)).toBe(true);
      }
    },
  },
  {
    name: 'takes or refuses a half of a surrogate pair and control characters',
    run: (subject) =>
      eachAlone(subject, [{ name: 'half \ud83d of a pair' }, { name: 'bell \u0007 and escape \u001b' }]),
  },
  {
    name: 'takes a megabyte of text whole, or refuses it',
    async run(subject) {
      const content = `begins ${'x'.repeat(MEGABYTE)} ends`;
      await eachAlone(subject, [{ description: { format: 'text', content } }], (seen) => {
        const whole = textsIn(seen).find((text) => text.includes('begins xxx'));
        expect(whole?.includes('xxx ends')).toBe(true);
      });
    },
  },
  {
    name: 'takes or refuses very long names',
    async run(subject) {
      await eachAlone(subject, [{ name: `long ${'n'.repeat(10_000)} name` }]);
      const type = `../${'table/'.repeat(60)}`;
      const row = aRow({ incidentId: 2500 });
      await subject.takenOrRefused({ ...row, key: { ...row.key, type }, schema: { ...row.schema, name: type } });
    },
  },
  {
    name: 'takes or refuses values of the wrong kind, without a fault of its own',
    run: (subject) =>
      eachAlone(subject, [
        { name: { not: 'a text' } },
        { severity_code: 'no such option' },
        { severity_code: 999_999 },
        { description: 12, discovered_date: 'yesterday' },
        { properties: ['a list'], plan_status: false },
      ]),
  },
];

/** Each in an incident of its own; what comes behind it arrives in any case. */
async function eachAlone(
  subject: TargetSubject,
  payloads: readonly SoarObject[],
  look: (seen: readonly unknown[]) => void = () => undefined,
): Promise<void> {
  await subject.open();
  for (const [at, payload] of payloads.entries()) {
    const event: FeedEvent = anIncident({ incidentId: 2500 + at, payload });
    if ((await subject.takenOrRefused(event)) === 'delivered') look(await subject.there(event));
    const next = anIncident({ incidentId: 2600 + at });
    await subject.delivered(next);
    expect(await subject.there(next)).toHaveLength(1);
  }
}
