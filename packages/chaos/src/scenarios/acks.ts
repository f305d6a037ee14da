import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../run/until.js';
import { holdLock } from '../world/holdLock.js';
import { anIncident, caughtUp, struck } from './steps.js';
import type { Scenario } from './Scenario.js';

/** What was acknowledged must be durable, no matter what dies when. */
export const acks: Readonly<Record<string, Scenario>> = {
  'killed-at-work': {
    async play(world) {
      const id = anIncident(world, 'At work');
      await caughtUp(world);
      const fault = world.simulator.faults.add({ org: world.target.id, status: 503 });
      for (let count = 1; count <= 5; count += 1) world.source.addNote({ incidentId: id }, `Note ${count}`);
      await struck(fault);
      await sleep(100); // by now, an acknowledgement sent too early has arrived
      await world.kill(0);
    },
  },
  'killed-while-locked': {
    async play(world) {
      const id = anIncident(world, 'Locked');
      await caughtUp(world);
      const acked = world.simulator.broker.acked.length;
      const lock = holdLock(world.stateFile, 1_500);
      await sleep(100);
      world.source.addNote({ incidentId: id }, 'Delivered, and not written down yet.');
      await until('the note is in the target', () =>
        world.target.incidents().some((each) => world.target.notes({ incidentId: each.id }).length > 1),
      );
      await sleep(300); // by now, an acknowledgement sent before the commit has arrived
      world.timeline.add('run', `${world.simulator.broker.acked.length - acked} acknowledged while locked`);
      await world.kill(0);
      await lock;
    },
  },
};
