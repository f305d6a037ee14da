import { isDeepStrictEqual } from 'node:util';
import { aDelete } from '../../events/builders.js';
import { must, show, spell } from '../must.js';
import { oneOfEach } from '../oneOfEach.js';
import type { TargetScenario } from '../TargetScenario.js';

export const inputUntouched: readonly TargetScenario[] = [
  {
    name: 'modifies nothing it is given: every type, upserts and deletes',
    async run(subject) {
      await subject.open();
      // Frozen where JavaScript can freeze; maps, such as a schema's fields, can only be compared.
      const given = oneOfEach().flatMap((event) => [event, aDelete(event)]);
      const before = given.map(copyOf);
      for (const event of oneOfEach()) await subject.deliver(event);
      for (const event of [...given].reverse()) await subject.deliver(event);
      for (const [at, event] of given.entries()) {
        const promise = `change nothing of the event it is given (${spell(event)}): other feeds get the same one`;
        must(isDeepStrictEqual(copyOf(event), before[at]), promise, `it left ${show(event)} of ${show(before[at])}`);
      }
    },
  },
];

function copyOf({ content: _content, ...event }: ReturnType<typeof oneOfEach>[number]): unknown {
  return structuredClone(event);
}
