import { expect } from '@jest/globals';
import { anIncident } from '../../events/builders.js';
import { oneOfEach } from '../oneOfEach.js';
import { says } from '../textsIn.js';
import type { TargetScenario } from '../TargetScenario.js';
import type { TargetSubject } from '../TargetSubject.js';

const PAYLOAD = 'Only the analysts may read this.';

export const noSecret: readonly TargetScenario[] = [
  {
    name: 'shows no secret in a log line, an error or its health, whatever happens',
    isFor: ({ has }) => has.has('secrets'),
    async run(subject) {
      const told = await everything(subject);
      for (const secret of subject.secrets) expect(says(told, secret)).toBe(false);
    },
  },
  {
    name: 'logs no payload',
    async run(subject) {
      await everything(subject);
      expect(says(subject.log.lines, PAYLOAD)).toBe(false);
    },
  },
];

/** A whole life with the accidents that the case can arrange; gives all that the target said. */
async function everything(subject: TargetSubject): Promise<unknown> {
  const signal = new AbortController().signal;
  const said: unknown[] = [];
  const health = async (): Promise<void> => void said.push(await subject.target.health?.({ signal }));
  const payload = { description: { format: 'text', content: PAYLOAD } };
  await health();
  await subject.open();
  for (const event of oneOfEach()) said.push(await subject.deliver(event));
  await subject.delivered(anIncident({ payload: { ...payload, vers: 2 } }));
  if (subject.has.has('poison')) await subject.takenOrRefused(await subject.poison());
  if (subject.has.has('outage')) {
    const back = await subject.outage();
    try {
      await subject.failure(subject.deliver(anIncident({ payload: { ...payload, name: 'Changed', vers: 3 } })));
      await health();
      await subject.target.close();
      await subject.open().catch(() => undefined);
    } finally {
      await back();
    }
  }
  await subject.target.close();
  return [said, subject.errors, subject.log.lines];
}
