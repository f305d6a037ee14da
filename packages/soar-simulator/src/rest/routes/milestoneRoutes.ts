import { noObject } from '../../org/PlatformError.js';
import type { MilestoneRecord } from '../../org/records.js';
import type { Call } from '../Call.js';
import type { OrgRoutes } from '../OrgRoutes.js';
import { showMilestone } from '../show.js';

export function milestoneRoutes(routes: OrgRoutes): void {
  const base = '/incidents/:id/milestones';
  routes.get(base, (call) =>
    Array.from(call.state.incident(call.id()).milestones.values(), (record) => showMilestone(call, record)),
  );
  routes.post(base, (call) => showMilestone(call, call.org.milestones.create(call.id(), call.body, call.write)));
  routes.get(`${base}/:milestone`, (call) => {
    if (call.state.behaviour.milestoneById === 'missing') throw noObject(call.id('milestone'));
    return showMilestone(call, at(call));
  });
  routes.put(`${base}/:milestone`, (call) =>
    showMilestone(call, call.org.milestones.update(at(call).dto.id, call.body, call.write)),
  );
  routes.delete(`${base}/:milestone`, (call) => {
    call.org.milestones.remove(at(call).dto.id, call.write);
    return call.deleted();
  });
}

function at(call: Call): MilestoneRecord {
  return call.org.milestones.at(call.id(), call.id('milestone'));
}
