import type { FeedEvent } from '@soar-feed/core';
import { aDelete, anIncident, aTask } from '../../events/builders.js';
import { deletesBy } from '../needs.js';
import { must, show } from '../must.js';
import { says } from '../textsIn.js';
import type { TargetScenario } from '../TargetScenario.js';
import type { TargetSubject } from '../TargetSubject.js';

const newer = anIncident({ payload: { name: 'After the backup', vers: 5 } });
/** Read from the source after a backup was played back: an older version, later by the clock. */
const older: FeedEvent = {
  ...anIncident({ origin: 'reload', observedAtMs: 1_700_000_060_000, payload: { name: 'From the backup', vers: 2 } }),
  restored: true,
};

export const restored: readonly TargetScenario[] = [
  {
    name: 'goes back to an older version when the source does (a restored backup)',
    async run(subject) {
      await subject.open();
      await subject.delivered(newer);
      await subject.delivered(older);
      await isFromTheBackup(subject);
    },
  },
  {
    name: 'writes a deleted object again when the source has it again (a restored backup)',
    needs: [({ capabilities }) => (capabilities.deletes === 'ignore' ? 'the target ignores deletes' : undefined)],
    async run(subject) {
      await subject.open();
      await subject.delivered(newer);
      await subject.delivered(aDelete(newer));
      const marked = await subject.there(newer);
      await subject.delivered(older);
      await isFromTheBackup(subject);
      const after = await subject.there(newer);
      const differs = show(after) !== show(marked);
      must(differs, 'take the mark of a delete away with the restored object', `readBack gave ${show(after)}`);
    },
  },
  {
    name: 'writes again what went with a deleted incident, once the incident is back (a restored backup)',
    needs: [deletesBy('apply')],
    async run(subject) {
      await subject.open();
      await subject.delivered(newer);
      await subject.takenOrSkipped(aTask());
      if ((await subject.there(aTask())).length === 0) return;
      await subject.delivered(aDelete(newer));
      await subject.delivered(older);
      // As old as it was: nothing marks it, since only its incident was deleted by name.
      await subject.delivered(aTask({ origin: 'reload', observedAtMs: 1_700_000_070_000 }));
      await subject.holds(aTask(), 1, 'its incident was deleted and is back');
    },
  },
];

async function isFromTheBackup(subject: TargetSubject): Promise<void> {
  const seen = await subject.holds(older, 1, 'an older snapshot with `restored: true`');
  const promise = 'take what the source has (`restored: true`), even over what it remembers of later versions';
  const isTaken = says(seen, 'From the backup') && !says(seen, 'After the backup');
  must(isTaken, promise, `readBack gave ${show(seen)}`);
}
