import { Random } from '@soar-feed/soar-simulator';
import type { SimOrg } from '@soar-feed/soar-simulator';

/**
 * An analyst goes on with one incident: gives it tasks that must be done before it may be closed, closes them all and then the incident,
 * or opens it again.
 */
export function writeClosings(source: SimOrg, seed: number): void {
  const random = new Random(seed);
  const ids = source.incidentIds();
  if (ids.length === 0) return;
  const id = random.pick(ids);
  const isClosed = source.incidents().find((incident) => incident.id === id)?.plan_status === 'C';
  const open = source.tasks(id).filter(({ status }) => status === 'O');
  if (isClosed) return void source.updateIncident(id, { plan_status: 'A' });
  if (!open.some(({ name }) => name.startsWith('Before closing'))) {
    for (let count = random.integer(1, 2); count > 0; count -= 1)
      source.createTask(id, { name: `Before closing ${seed}-${count}`, required: true });
    return;
  }
  for (const task of open) source.updateTask(task.id, { status: 'C' });
  source.closeIncident(id, { resolution: 'Resolved', summary: `Done, ${seed}` });
}

/** Closes required tasks that were added to closed incidents: while one is open, no other organization lets such an incident close. */
export function closeLateTasks(source: SimOrg): void {
  for (const { id, plan_status: status } of source.incidents())
    if (status === 'C')
      for (const task of source.tasks(id))
        if (task.required && task.status === 'O') source.updateTask(task.id, { status: 'C' });
}
