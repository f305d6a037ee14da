import { expect } from '@jest/globals';
import { aDelete, anIncident, aNote, aTask } from '../../events/builders.js';
import { oneOfEach } from '../oneOfEach.js';
import type { TargetScenario } from '../TargetScenario.js';
import type { TargetSubject } from '../TargetSubject.js';

export const deletes: readonly TargetScenario[] = [
  {
    name: 'removes an object with its delete, twice as well as once',
    isFor: ({ capabilities }) => capabilities.deletes === 'apply',
    async run(subject) {
      await fill(subject);
      for (const event of [...oneOfEach()].reverse()) {
        for (const gone of [aDelete(event), aDelete(event)]) {
          expect(['delivered', 'skipped']).toContain((await subject.deliver(gone)).status);
          expect(await subject.there(event)).toEqual([]);
        }
      }
    },
  },
  {
    name: 'removes what hangs below an incident or a task with it: the platform sends no deletes for that',
    isFor: ({ capabilities }) => capabilities.deletes === 'apply',
    async run(subject) {
      await fill(subject);
      const below = aNote({ objectId: 421, parent: aTask().key });
      await subject.takenOrSkipped(below);
      await subject.deliver(aDelete(aTask()));
      expect(await subject.there(below)).toEqual([]);
      expect(await subject.there(aTask())).toEqual([]);
      await subject.delivered(aDelete(anIncident()));
      for (const event of oneOfEach()) expect(await subject.there(event)).toEqual([]);
    },
  },
  {
    name: 'keeps an object and marks it',
    isFor: ({ capabilities }) => capabilities.deletes === 'mark',
    async run(subject) {
      await fill(subject);
      const before = await subject.there(anIncident());
      await subject.delivered(aDelete(anIncident()));
      const marked = await subject.there(anIncident());
      expect(marked).toHaveLength(1);
      expect(marked).not.toEqual(before);
      await subject.deliver(aDelete(anIncident()));
      expect(await subject.there(anIncident())).toEqual(marked);
    },
  },
  {
    name: 'leaves an object as it is when it is deleted, and says so',
    isFor: ({ capabilities }) => capabilities.deletes === 'ignore',
    async run(subject) {
      await fill(subject);
      const before = await subject.there(anIncident());
      expect(await subject.deliver(aDelete(anIncident()))).toMatchObject({ status: 'skipped' });
      expect(await subject.there(anIncident())).toEqual(before);
    },
  },
  {
    name: 'takes the delete of an object that it has never seen',
    async run(subject) {
      await subject.open();
      for (const event of oneOfEach(2101)) {
        expect(['delivered', 'skipped']).toContain((await subject.deliver(aDelete(event))).status);
      }
      await subject.delivered(anIncident());
      expect(await subject.there(anIncident())).toHaveLength(1);
    },
  },
];

async function fill(subject: TargetSubject): Promise<void> {
  await subject.open();
  for (const event of oneOfEach()) await subject.takenOrSkipped(event);
}
