import { anIncident } from '../../events/builders.js';
import { must, show } from '../must.js';
import { oneOfEach } from '../oneOfEach.js';
import { says, textsIn } from '../textsIn.js';
import { caseHas } from '../needs.js';
import type { TargetScenario } from '../TargetScenario.js';
import type { TargetSubject } from '../TargetSubject.js';

const PAYLOAD = 'Only the analysts may read this.';

export const noSecret: readonly TargetScenario[] = [
  {
    name: 'shows no secret in a log line, an error or its health, whatever happens',
    needs: [caseHas('secrets')],
    async run(subject) {
      const told = await everything(subject);
      const promise = 'show no secret of its settings in a log line, an error (its cause, too) or its health';
      for (const secret of subject.secrets) must(!says(told, secret), promise, whereSaid(told, secret));
    },
  },
  {
    name: 'logs no payload',
    async run(subject) {
      await everything(subject);
      const did = whereSaid(subject.log.lines, PAYLOAD);
      must(!says(subject.log.lines, PAYLOAD), 'log no payload, at no level', did);
    },
  },
];

function whereSaid(told: unknown, part: string): string {
  const line = textsIn(told).find((text) => text.includes(part));
  return `${show(part)} stands in ${show(line)}`;
}

/** A whole life cycle with all failures that the case can cause; returns everything that the target said. */
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
      await subject.deliver(anIncident({ payload: { ...payload, name: 'Changed', vers: 3 } })).catch(() => undefined);
      await health();
      await subject.close();
      await subject.tryOpen().catch(() => undefined);
    } finally {
      await back();
    }
  }
  await subject.close();
  return [said, subject.errors, subject.log.lines];
}
