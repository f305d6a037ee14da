import type { TaskRecord } from '../../org/records.js';
import type { Call } from '../Call.js';
import type { OrgRoutes } from '../OrgRoutes.js';
import { showTask } from '../show.js';

export function taskRoutes(routes: OrgRoutes): void {
  routes.get('/incidents/:id/tasks', (call) => {
    const withNotes = call.query('want_notes') === 'true';
    const { tasks } = call.state.incident(call.id());
    return Array.from(tasks.values(), (task) => showTask(call, task, withNotes));
  });
  // The shape is unconfirmed: the same tasks, each with an empty list of child tasks.
  routes.get('/incidents/:id/tasktree', (call) => {
    const { tasks } = call.state.incident(call.id());
    return Array.from(tasks.values(), (task) => ({ ...showTask(call, task), child_tasks: [] }));
  });
  routes.post('/incidents/:id/tasks', (call) =>
    showTask(call, call.org.tasks.create(call.id(), call.body, call.write)),
  );
  routes.put('/tasks/delete', (call) => {
    for (const id of call.idList) call.org.tasks.remove(id, call.write);
    return call.deleted();
  });
  routes.get('/tasks/:id', (call) => showTask(call, call.state.task(call.id())));
  routes.put('/tasks/:id', (call) => showTask(call, call.org.tasks.put(call.id(), call.body, call.write)));
  routes.patch('/tasks/:id', (call) => call.org.tasks.patch(call.id(), call.body, call.write, call.format));
  routes.delete('/tasks/:id', (call) => {
    call.org.tasks.remove(call.id(), call.write);
    return call.deleted();
  });
  routes.get('/tasks/:id/members', (call) => members(call.state.task(call.id())));
  routes.put('/tasks/:id/members', (call) => {
    const { members: sent } = call.body;
    return members(call.org.tasks.update(call.id(), { members: sent ?? null }, call.write));
  });
  routes.delete('/tasks/:id/members', (call) => {
    call.org.tasks.update(call.id(), { members: null, private: false }, call.write);
    return call.deleted();
  });
  routes.get('/tasks/:id/instructions_ex', (call) => instructions(call));
}

function members({ dto }: TaskRecord) {
  return { members: dto.members };
}

function instructions(call: Call) {
  const { dto } = call.state.task(call.id());
  return { id: dto.id, instructions: { format: 'html', content: dto.instructions } };
}
