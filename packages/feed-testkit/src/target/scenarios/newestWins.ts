import { anIncident, aTask } from '../../events/builders.js';
import { must, show } from '../must.js';
import { says } from '../textsIn.js';
import type { TargetScenario } from '../TargetScenario.js';

export const newestWins: readonly TargetScenario[] = [
  {
    name: 'shows the last of several snapshots, and nothing of those before',
    async run(subject) {
      await subject.open();
      const names = ['First draft', 'Second draft', 'Third draft'];
      for (const [at, name] of names.entries()) {
        const observedAtMs = 1_700_000_000_000 + at * 1_000;
        await subject.delivered(anIncident({ observedAtMs, payload: { name, vers: at + 1 } }));
        await subject.takenOrSkipped(aTask({ observedAtMs, payload: { name: `${name} of the task` } }));
      }
      isNewest(await subject.holds(anIncident(), 1, 'three snapshots of it'), names);
      const task = await subject.there(aTask());
      if (task.length > 0) isNewest(task, names);
    },
  },
  {
    name: 'removes a value that the newer snapshot no longer has',
    async run(subject) {
      await subject.open();
      const description = { format: 'text', content: 'Laptop left in a taxi' };
      await subject.delivered(anIncident({ payload: { description, vers: 1 } }));
      const before = await subject.there(anIncident());
      must(says(before, 'left in a taxi'), 'carry the description of an incident', `readBack gave ${show(before)}`);
      await subject.delivered(anIncident({ payload: { description: null, vers: 2 } }));
      const after = await subject.there(anIncident());
      const promise = 'take away what the newer snapshot no longer has: a snapshot is whole, never a delta';
      must(!says(after, 'left in a taxi'), promise, `readBack gave ${show(after)}`);
    },
  },
];

function isNewest(seen: readonly unknown[], names: readonly string[]): void {
  const shown = names.filter((name) => says(seen, name));
  const newest = names.at(-1) as string;
  const promise = `show the last of several snapshots ("${newest}") and nothing of those before`;
  must(shown.length === 1 && shown[0] === newest, promise, `readBack gave ${show(seen)}`);
}
