import { isDeepStrictEqual } from 'node:util';
import type { FeedEvent } from '@soar-feed/core';
import { aDelete, anAttachment, anIncident, aNote, aTask } from '../../events/builders.js';
import { must, show, spell } from '../must.js';
import { oneOfEach } from '../oneOfEach.js';
import { deletesBy } from '../needs.js';
import type { TargetScenario } from '../TargetScenario.js';
import type { TargetSubject } from '../TargetSubject.js';

export const deletes: readonly TargetScenario[] = [
  {
    name: 'removes an object when its delete comes, whether once or twice',
    needs: [deletesBy('apply')],
    async run(subject) {
      await fill(subject);
      for (const event of [...oneOfEach()].reverse()) {
        for (const gone of [aDelete(event), aDelete(event)]) {
          await takenOrSkipped(subject, gone);
          await subject.holds(event, 0, 'its delete');
        }
      }
    },
  },
  {
    name: 'removes an incident or a task with everything below it: the platform sends no deletes for that',
    needs: [deletesBy('apply')],
    async run(subject) {
      await fill(subject);
      const below = [aNote, anAttachment].map((make, at) => make({ objectId: 421 + at, parent: aTask().key }));
      for (const event of below) await subject.takenOrSkipped(event);
      await subject.deliver(aDelete(aTask()));
      for (const event of below)
        await subject.holds(event, 0, 'the delete of its task: the platform sends no deletes for what hangs below');
      await subject.holds(aTask(), 0, 'its delete');
      await subject.delivered(aDelete(anIncident()));
      for (const event of oneOfEach()) {
        await subject.holds(event, 0, 'the delete of its incident: the platform sends no deletes for what hangs below');
      }
    },
  },
  {
    name: 'keeps an object and marks it',
    needs: [deletesBy('mark')],
    async run(subject) {
      await fill(subject);
      const before = await subject.there(anIncident());
      await subject.delivered(aDelete(anIncident()));
      const marked = await subject.holds(anIncident(), 1, 'its delete, which is only marked');
      must(!isDeepStrictEqual(marked, before), 'mark what was deleted', `readBack gave ${show(marked)}, as before`);
      await subject.deliver(aDelete(anIncident()));
      await isStill(subject, marked, 'leave the mark as it is when the delete comes twice');
    },
  },
  {
    name: 'leaves an object as it is when it is deleted, and says so',
    needs: [deletesBy('ignore')],
    async run(subject) {
      await fill(subject);
      const before = await subject.there(anIncident());
      const result = await subject.deliver(aDelete(anIncident()));
      must(result.status === 'skipped', 'skip a delete, since it ignores deletes', `it gave ${show(result)}`);
      await isStill(subject, before, 'leave an object as it is when it is deleted, since it ignores deletes');
    },
  },
  {
    name: 'accepts the delete of an object that it has never seen',
    async run(subject) {
      await subject.open();
      for (const event of oneOfEach(2101)) {
        await takenOrSkipped(subject, aDelete(event));
      }
      await subject.delivered(anIncident());
      await subject.holds(anIncident(), 1, 'deletes of other objects');
    },
  },
];

async function takenOrSkipped(subject: TargetSubject, gone: FeedEvent): Promise<void> {
  const promise = `take the delete of ${spell(gone)}, also of one that is not there, or skip it`;
  const result = await subject.deliver(gone).catch((error: unknown) => must(false, promise, `it threw ${show(error)}`));
  must(result?.status === 'delivered' || result?.status === 'skipped', promise, `it gave ${show(result)}`);
}

async function isStill(subject: TargetSubject, before: unknown, promise: string): Promise<void> {
  const after = await subject.there(anIncident());
  must(isDeepStrictEqual(after, before), promise, `readBack gave ${show(before)} before and ${show(after)} after`);
}

async function fill(subject: TargetSubject): Promise<void> {
  await subject.open();
  for (const event of oneOfEach()) await subject.takenOrSkipped(event);
}
