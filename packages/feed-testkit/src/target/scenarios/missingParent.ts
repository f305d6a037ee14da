import { keyText } from '@soar-feed/core';
import type { FeedEvent } from '@soar-feed/core';
import { anIncident, aNote, aTask } from '../../events/builders.js';
import { must, show, spell } from '../must.js';
import type { TargetScenario } from '../TargetScenario.js';
import type { TargetSubject } from '../TargetSubject.js';

export const missingParent: readonly TargetScenario[] = [
  {
    name: 'waits for the incident of a task and names it, or needs no incident',
    run: (subject) => childFirst(subject, aTask(), [anIncident()]),
  },
  {
    name: 'waits for the task of a note or for its incident, or needs neither',
    run: (subject) => childFirst(subject, aNote({ parent: aTask().key }), [anIncident(), aTask()]),
  },
];

async function childFirst(subject: TargetSubject, child: FeedEvent, parents: readonly FeedEvent[]): Promise<void> {
  await subject.open();
  const early = await subject.deliver(child);
  if (early.status === 'waiting') {
    const { on } = early;
    const promise = `say by its key what ${spell(child)} waits for: ${parents.map(spell).join(' or ')}`;
    must(
      on !== undefined && parents.some(({ key }) => keyText(key) === keyText(on)),
      promise,
      `it gave ${show(early)}`,
    );
    await subject.holds(child, 0, 'it said "waiting"');
  } else {
    const promise = `take ${spell(child)} before its parent, skip it by design, or give \`{ status: 'waiting', on }\``;
    must(early.status === 'delivered' || early.status === 'skipped', promise, `it gave ${show(early)}`);
    await subject.holds(child, early.status === 'delivered' ? 1 : 0, `it said "${early.status}"`);
  }
  for (const parent of parents) await subject.takenOrSkipped(parent);
  await subject.takenOrSkipped(child);
}
