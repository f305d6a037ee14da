import { expect } from '@jest/globals';
import { anIncident } from '../../events/builders.js';
import { says } from '../textsIn.js';
import type { TargetScenario } from '../TargetScenario.js';

const named = (incidentId: number, name: string, vers = 1) => anIncident({ incidentId, payload: { name, vers } });

export const batch: readonly TargetScenario[] = [
  {
    name: 'answers a batch with one outcome per event, in the same order, and applies it in that order',
    isFor: ({ capabilities }) => capabilities.batch !== undefined,
    async run(subject) {
      await subject.open();
      const largest = subject.capabilities.batch?.maxEvents ?? 1;
      const events = [named(2401, 'Old'), named(2402, 'Other'), named(2401, 'New', 2)].slice(0, largest);
      const outcomes = await subject.deliverBatch(events);
      expect(outcomes.map(({ status }) => status)).toEqual(events.map(() => 'delivered'));
      const seen = await subject.there(anIncident({ incidentId: 2401 }));
      expect(seen).toHaveLength(1);
      expect([says(seen, 'Old'), says(seen, 'New')]).toEqual(largest < 3 ? [true, false] : [false, true]);
      expect(await subject.deliverBatch(events)).toMatchObject(events.map(() => ({ status: 'delivered' })));
      expect(await subject.there(anIncident({ incidentId: 2401 }))).toHaveLength(1);
    },
  },
  {
    name: 'fails the bad one of a batch and delivers its neighbours',
    isFor: ({ capabilities, has }) => (capabilities.batch?.maxEvents ?? 0) >= 3 && has.has('poison'),
    async run(subject) {
      await subject.open();
      const bad = await subject.poison();
      const outcomes = await subject.deliverBatch([named(2401, 'One'), bad, named(2402, 'Two')]);
      expect(outcomes[0]).toMatchObject({ status: 'delivered' });
      expect(outcomes[2]).toMatchObject({ status: 'delivered' });
      const [, refused] = outcomes;
      if (refused?.status === 'failed') expect(refused.error).toMatchObject({ kind: 'permanent' });
      else expect(refused).toMatchObject({ status: 'skipped' });
      for (const incidentId of [2401, 2402]) expect(await subject.there(anIncident({ incidentId }))).toHaveLength(1);
    },
  },
];
