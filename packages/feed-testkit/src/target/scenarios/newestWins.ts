import { expect } from '@jest/globals';
import { anIncident, aTask } from '../../events/builders.js';
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
      const seen = await subject.there(anIncident());
      expect(seen).toHaveLength(1);
      expect(names.map((name) => says(seen, name))).toEqual([false, false, true]);
      const task = await subject.there(aTask());
      if (task.length > 0) expect(names.map((name) => says(task, name))).toEqual([false, false, true]);
    },
  },
  {
    name: 'takes a value away that the newer snapshot no longer has',
    async run(subject) {
      await subject.open();
      const description = { format: 'text', content: 'Laptop left in a taxi' };
      await subject.delivered(anIncident({ payload: { description, vers: 1 } }));
      expect(says(await subject.there(anIncident()), 'left in a taxi')).toBe(true);
      await subject.delivered(anIncident({ payload: { description: null, vers: 2 } }));
      expect(says(await subject.there(anIncident()), 'left in a taxi')).toBe(false);
    },
  },
];
