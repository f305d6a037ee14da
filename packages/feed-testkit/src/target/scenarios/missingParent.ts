import { expect } from '@jest/globals';
import type { FeedEvent } from '@soar-feed/core';
import { anIncident, aNote, aTask } from '../../events/builders.js';
import type { TargetScenario } from '../TargetScenario.js';
import type { TargetSubject } from '../TargetSubject.js';

export const missingParent: readonly TargetScenario[] = [
  {
    name: 'waits for the incident of a task, naming it, or needs none',
    run: (subject) => childFirst(subject, aTask(), [anIncident()]),
  },
  {
    name: 'waits for the task of a note, or what that hangs under, or needs none',
    run: (subject) => childFirst(subject, aNote({ parent: aTask().key }), [anIncident(), aTask()]),
  },
];

async function childFirst(subject: TargetSubject, child: FeedEvent, parents: readonly FeedEvent[]): Promise<void> {
  await subject.open();
  const early = await subject.deliver(child);
  if (early.status === 'waiting') {
    expect(parents.map(({ key }) => key)).toContainEqual(early.on);
    expect(await subject.there(child)).toEqual([]);
  } else {
    expect(['delivered', 'skipped']).toContain(early.status);
    expect(await subject.there(child)).toHaveLength(early.status === 'delivered' ? 1 : 0);
  }
  for (const parent of parents) await subject.takenOrSkipped(parent);
  await subject.takenOrSkipped(child);
}
